import { readFileSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

// A build of its own: what only the desk uses of a library both have must not come into the phone's files.
export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } })],
  // The library of the desk's controls is written with options in places, so here they stay.
  define: { __VERSION__: JSON.stringify(version), __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false },
  publicDir: false,
  build: {
    // Offices run what their IT keeps: the browsers of Chinese vendors stand on Chromium 86 or newer.
    target: 'chrome86',
    cssTarget: 'chrome86',
    emptyOutDir: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { desk: 'desk/index.html' },
      output: {
        entryFileNames: 'assets/desk/[name]-[hash].js',
        chunkFileNames: 'assets/desk/[name]-[hash].js',
        assetFileNames: 'assets/desk/[name]-[hash][extname]',
      },
    },
  },
})
