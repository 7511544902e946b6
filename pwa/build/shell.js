// What the app needs with no network: every file of the phone's page by its URL path, with the SHA-256 of its bytes.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
// The manifest does not name the workers that pages start.
const workers = readdirSync('dist/assets').filter((name) => /\.worker-[^.]+\.js$/.test(name))
const paths = new Set([
  '/',
  '/manifest.webmanifest',
  '/icons/icon-192.png',
  '/icons/badge-96.png',
  ...filesOf('index.html'),
  ...workers.map((name) => `/assets/${name}`),
])

/** Everything a chunk needs, chunks fetched on demand included: offline there is no demand to fetch. */
function filesOf(name, seen = new Set()) {
  const chunk = manifest[name]
  if (!chunk || seen.has(name)) return []
  seen.add(name)
  const own = [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])].map((file) => `/${file}`)
  const others = [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]
  return [...own, ...others.flatMap((other) => filesOf(other, seen))]
}

function digestOf(path) {
  const file = path === '/' ? '/index.html' : path
  return createHash('sha256').update(readFileSync(`dist${file}`)).digest('hex')
}

writeFileSync('dist/shell.json', JSON.stringify(Object.fromEntries([...paths].map((path) => [path, digestOf(path)]))))
