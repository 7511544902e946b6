// The budget of a phone on a poor network: what the first page loads, and the service worker with all it imports.
// The desk has its own, and no phone loads any of it.
import { readFileSync, statSync } from 'node:fs'

const FIRST_LOAD_BYTES = 100 * 1024
const WORKER_BYTES = 8 * 1024
const DESK_BYTES = 450 * 1024
const OF_THE_DESK = '/assets/desk/'

const worker = statSync('dist/sw.js.gz').size

report('first load (js + css, gzip)', loadOf('dist/index.html'), FIRST_LOAD_BYTES)
report('service worker (gzip)', worker, WORKER_BYTES)
report('desk, first load (js + css, gzip)', loadOf('dist/desk/index.html'), DESK_BYTES)
for (const file of ['dist/index.html', 'dist/sw.js', 'dist/shell.json']) {
  if (!readFileSync(file, 'utf8').includes(OF_THE_DESK)) continue
  console.log(`${file} names files of the desk`)
  process.exitCode = 1
}

function loadOf(page) {
  const files = [...readFileSync(page, 'utf8').matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)]
  return files.reduce((sum, [, file]) => sum + statSync(`dist${file}.gz`).size, 0)
}

function report(what, bytes, limit) {
  console.log(`${what}: ${(bytes / 1024).toFixed(1)} KB of ${limit / 1024} KB`)
  if (bytes > limit) process.exitCode = 1
}
