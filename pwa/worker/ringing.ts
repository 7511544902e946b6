// The bell with no page open: what a push shows at once, and what a tap on it does, with or without a network.
import { fetchCase } from '../src/api/fetching'
import type { BellMessage, Case } from '../src/api/types'
import { read } from '../src/local/database'
import { OUTBOX_SYNC } from '../src/outbox/sending'
import { sendUnseen } from '../src/outbox/sending_unseen'
import { acceptRung } from '../src/ringing/accepting'
import { isNoNews, messageFrom } from '../src/ringing/message'
import { optionsFor } from '../src/ringing/notifying'
import { acknowledge } from '../src/ringing/receipts'
import { keepSubscribed } from '../src/ringing/subscribing'
import { bell_words, UNREADABLE } from '../src/words/bell_words'

const scope = self as unknown as ServiceWorkerGlobalScope & {
  registration: ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }
}
const PHOTOS_AHEAD = 2

/** `keepPhoto` has a photo on this phone for when it is looked at. */
export function ringOnPush(keepPhoto: (path: string) => Promise<unknown>): void {
  scope.addEventListener('push', (event) => {
    event.waitUntil(ring(messageFrom(event.data?.text()), keepPhoto))
  })
  scope.addEventListener('notificationclick', (event) => {
    const { action, notification } = event
    notification.close()
    event.waitUntil(answer(notification.data as BellMessage | null, action))
  })
  scope.addEventListener('pushsubscriptionchange', (event) => {
    ;(event as ExtendableEvent).waitUntil(keepSubscribed(scope.registration))
  })
}

/** Shown before anything is asked of the network; all the rest may fail. */
async function ring(message: BellMessage | undefined, keepPhoto: (path: string) => Promise<unknown>): Promise<void> {
  if (!message) return scope.registration.showNotification(UNREADABLE)
  await show(message)
  const { delivery_id, case_id } = message
  // How many wait, the page says; here it is only that something does.
  const { setAppBadge } = navigator as { setAppBadge?: () => Promise<void> }
  const work = [tellServer(delivery_id, 'shown'), case_id && fetchAhead(case_id, keepPhoto), setAppBadge?.call(navigator)]
  await Promise.all(work.map(settled))
  // There is a network: what no page sends goes now. An iPhone wakes its worker for nothing else.
  if (!(await pageOnScreen())) await settled(sendUnseen())
}

/** One notification for each tag, the newest; a page on the screen makes its own sound. */
async function show(message: BellMessage): Promise<void> {
  const [there] = await scope.registration.getNotifications({ tag: message.tag })
  const before = there?.data as BellMessage | undefined
  const is_old = before !== undefined && isNoNews(message, before)
  const newest = is_old ? before : message
  const page = await pageOnScreen()
  if (!is_old) page?.postMessage({ rang: message })
  const quiet = is_old || page !== undefined
  await scope.registration.showNotification(newest.title, optionsFor(newest, quiet))
}

/** What a tap will open is on the phone then, whatever becomes of the network until it comes. */
async function fetchAhead(case_id: string, keepPhoto: (path: string) => Promise<unknown>): Promise<void> {
  await fetchCase(case_id)
  const known = await read(['cases'], (rows) => rows.get<Case>('cases', case_id))
  const photos = known?.photos.filter((photo) => photo.usage === 'before' && !photo.missing) ?? []
  await Promise.all(photos.slice(0, PHOTOS_AHEAD).map(({ id }) => keepPhoto(`/api/photos/${id}?size=screen`)))
}

async function answer(message: BellMessage | null, action: string): Promise<void> {
  if (action !== 'accept' || !message?.case_id || !(await accept(message, message.case_id))) {
    await open(`${message?.url ?? '/'}${action === 'navigate' ? '?navigate' : ''}`)
  }
  if (message) await tellServer(message.delivery_id, 'opened')
}

/** What became of it takes the place of the notification that was tapped. False: nobody is signed in here. */
async function accept({ actions: _done, ...message }: BellMessage, case_id: string): Promise<boolean> {
  const say = (mark: string) => {
    const body = `${bell_words[message.language ?? 'zh'].accept} ${mark}`
    return scope.registration.showNotification(message.title, optionsFor({ ...message, body }, true))
  }
  const is_told = await acceptRung(case_id, message.title, () => say('…'))
  if (is_told) await say('✓')
  else if (is_told === false) await wakeLater()
  return is_told !== undefined
}

/** In a window that is there, else in a new one. */
async function open(url: string): Promise<void> {
  const pages = await windows()
  const page = pages.find((one) => one.visibilityState === 'visible') ?? pages[0]
  if (!page) return void (await scope.clients.openWindow(url))
  // Where a browser does not let it come to the front, it still shows the right thing.
  await settled(page.focus())
  page.postMessage({ open: url })
}

async function tellServer(delivery_id: string, receipt: 'shown' | 'opened'): Promise<void> {
  if (!(await acknowledge({ delivery_id, receipt }))) await wakeLater()
}

/** Where the browser can, it wakes this worker once there is a network. */
async function wakeLater(): Promise<void> {
  await scope.registration.sync?.register(OUTBOX_SYNC).catch(() => undefined)
}

export async function pageOnScreen(): Promise<WindowClient | undefined> {
  return (await windows()).find((one) => one.visibilityState === 'visible')
}

/** Of the phone's app; the desk listens to none of this. */
async function windows(): Promise<readonly WindowClient[]> {
  const all = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return all.filter(({ url }) => !url.includes('/desk/'))
}

async function settled(work: unknown): Promise<void> {
  await Promise.resolve(work).catch(() => undefined)
}
