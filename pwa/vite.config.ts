import { readFileSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } })],
  define: { __VERSION__: JSON.stringify(version), __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    // The oldest engine met in the street: an Android WebView of 2020.
    target: 'chrome80',
    cssTarget: 'chrome80',
    manifest: true,
    // The page's policy forbids inline code and styles, and a data: address is inline by another name.
    assetsInlineLimit: 0,
    rollupOptions: { input: { phone: 'index.html' } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    // Against hangs alone: a loaded machine is no fault.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
