// What an open page does for the bell: keeps this browser known to the server, tells it what was shown, counts on the icon.
import { setting } from '../local/settings'
import { watch } from '../local/watching'
import { showBadge } from '../ringing/badge'
import type { BellMessage } from '../api/types'
import { sendReceipts } from '../ringing/receipts'
import { keepSubscribed } from '../ringing/subscribing'
import { hashOfPath } from '../ui/routes'

/** `rang`: called with what a push brought while this page is on the screen. Answers how to stop. */
export function keepBell(rang: (message: BellMessage) => void): () => void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const heed = ({ data }: MessageEvent<{ open?: string; rang?: BellMessage } | null>) => {
    openPath(data?.open)
    if (data?.rang) rang(data.rang)
  }
  workers?.addEventListener('message', heed)
  const stop = watch(['cases', 'session'], () => void count())
  void refresh()
  window.addEventListener('online', tellServer)
  return () => {
    workers?.removeEventListener('message', heed)
    window.removeEventListener('online', tellServer)
    stop()
  }
}

/** A tap on a notification, told by the worker to the window that was there. */
export function openPath(path: string | undefined): void {
  if (path) location.hash = hashOfPath(path) ?? '#/'
}

/** At each start and each sign of the server. */
export async function refresh(): Promise<void> {
  void sendReceipts()
  void count()
  const registration = await registered()
  if (!registration?.pushManager || !(await setting('bell'))?.on) return
  await keepSubscribed(registration)
}

/** What this page rings for itself need not stand among the system's notifications, too. */
export async function clearTray(heard: BellMessage[]): Promise<void> {
  const registration = await registered()
  for (const { tag } of heard) {
    for (const one of (await registration?.getNotifications({ tag })) ?? []) one.close()
  }
}

/** The worker of this page; undefined where the browser has none. */
export async function registered(): Promise<ServiceWorkerRegistration | undefined> {
  return (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.getRegistration().catch(() => undefined)
}

function tellServer(): void {
  void sendReceipts()
}

async function count(): Promise<void> {
  const registration = await registered()
  if (registration) await showBadge(registration)
}
