// The shell and the photos offline, and the outbox where the browser wakes us; nothing else: every request that is no GET is left alone (a POST issued again
// by a worker went out empty on iOS), and so is all of /api but photos.

import { sha256 } from '../src/local/bytes'
import { SEEN_PHOTOS } from '../src/local/seen_photos'
import { OUTBOX_SYNC } from '../src/outbox/sending'
import { sendUnseen } from '../src/outbox/sending_unseen'
import { sendReceipts } from '../src/ringing/receipts'
import { pageOnScreen, ringOnPush } from './ringing'

/** SHA-256 of /shell.json, which names the files of this build with theirs. */
declare const __BUILD__: string

interface SyncEvent extends ExtendableEvent {
  tag: string
}

const scope = self as unknown as ServiceWorkerGlobalScope
const SHELL = `shell-${__BUILD__}`
const PHOTOS_KEPT = 400
const TILES_KEPT = 1500
/** A tab opened before the update still asks for the files of its own build. */
const BUILDS_KEPT = 2

scope.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

scope.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([forgetOldBuilds(), scope.clients.claim()]))
})

scope.addEventListener('sync', (event) => {
  const { tag, waitUntil } = event as SyncEvent
  if (tag === OUTBOX_SYNC) waitUntil.call(event, sendInBackground())
})

scope.addEventListener('fetch', (event) => {
  const answer = answerFor(event.request)
  if (answer) event.respondWith(answer)
})

ringOnPush((path) => picture(new Request(path), SEEN_PHOTOS, PHOTOS_KEPT))

/** Sends what waits with no page on the screen, which sends better by itself. Rejecting asks the browser to try again. */
async function sendInBackground(): Promise<void> {
  if (await pageOnScreen()) throw new Error('a page is at it')
  const all = await Promise.all([sendUnseen(), sendReceipts()])
  if (all.includes(false)) throw new Error('something still waits')
}

async function keepShell(): Promise<void> {
  const files = (await (await ofThisBuild('/shell.json', __BUILD__)).json()) as Record<string, string>
  const cache = await caches.open(SHELL)
  await Promise.all(
    Object.entries(files).map(async ([path, digest]) => cache.put(path, await ofThisBuild(path, digest))),
  )
  await scope.skipWaiting()
}

/** No captive portal's page and nothing a proxy kept too long: what is kept here is opened for weeks. */
async function ofThisBuild(path: string, digest: string): Promise<Response> {
  for (const source of [() => caches.match(path), () => fetch(path), () => fetch(path, { cache: 'reload' })]) {
    const found = await source()
    if (found && (await sha256(await found.clone().arrayBuffer())) === digest) return found
  }
  throw new Error(`${path} is not that of this build`)
}

async function forgetOldBuilds(): Promise<void> {
  // keys() answers in the order of creation.
  const builds = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL)
  await Promise.all(builds.slice(0, -(BUILDS_KEPT - 1)).map((name) => caches.delete(name)))
}

function answerFor(request: Request): Promise<Response> | undefined {
  if (request.method !== 'GET') return undefined
  const { origin, pathname, searchParams } = new URL(request.url)
  if (origin !== scope.location.origin) return undefined
  if (request.mode === 'navigate') {
    return pathname === '/' || pathname.startsWith('/c/') ? fromShell('/', request) : undefined
  }
  if (pathname.startsWith('/api/photos/') && searchParams.get('size') !== 'original') return picture(request, SEEN_PHOTOS, PHOTOS_KEPT)
  if (pathname.startsWith('/api/tiles/')) return picture(request, 'tiles', TILES_KEPT)
  if (pathname.startsWith('/api/')) return undefined
  return fromShell(pathname, request)
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const newest = await (await caches.open(SHELL)).match(path)
  return newest ?? (await caches.match(path)) ?? fetch(request)
}

/** A photo's bytes never change, a map's hardly do: what was seen once is shown again without the network. */
async function picture(request: Request, name: string, most: number): Promise<Response> {
  const cache = await caches.open(name)
  const known = await cache.match(request)
  if (known) return known
  const answer = await fetch(request)
  if (answer.status === 200 && answer.headers.get('content-type')?.startsWith('image/') === true) {
    await cache.put(request, answer.clone()).catch(() => undefined)
    const kept = await cache.keys()
    await Promise.all(kept.slice(0, -most).map((old) => cache.delete(old)))
  }
  return answer
}
