import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

const shell = readFileSync('dist/shell.json')

export default defineConfig({
  publicDir: false,
  // The worker names its build by the digest of the list that names the digest of each file.
  define: { __BUILD__: JSON.stringify(createHash('sha256').update(shell).digest('hex')) },
  build: {
    // What engines of chrome80 can do, without the detours that are meant for mistakes of theirs we do not meet.
    target: 'es2020',
    emptyOutDir: false,
    lib: { entry: 'worker/sw.ts', formats: ['iife'], name: 'sw', fileName: () => 'sw.js' },
  },
})
