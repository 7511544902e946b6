// When the page tries to send: whenever something may have changed. Every sign of a network is only a hint.
import { tell, watch } from '../local/watching'
import { openActs, type Act } from './rows'
import { OUTBOX_SYNC, rest, sendWaiting, type Ended } from './sending'

const BUSY_MS = 2_000
const SOONEST_MS = 100
const BROKEN_MS = 60_000
const LONGEST_MS = 5 * 60_000

let timer: ReturnType<typeof setTimeout> | undefined
let broken = ''
const progress = new Map<string, number>()

/** Sends at once and then keeps at it as long as the page lives; answers how to stop. */
export function keepSending(): () => void {
  const urge = () => void send(true)
  const visible = () => {
    if (document.hidden) askToBeWoken()
    else urge()
  }
  const stop = watch(['outbox', 'session'], (topic) => void send(topic === 'session'))
  window.addEventListener('online', urge)
  window.addEventListener('pageshow', urge)
  document.addEventListener('visibilitychange', visible)
  urge()
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('online', urge)
    window.removeEventListener('pageshow', urge)
    document.removeEventListener('visibilitychange', visible)
  }
}

/** `urged`: somebody asks, or the server was just heard; no rest is kept then. */
export async function send(urged: boolean): Promise<Ended | 'broken'> {
  // Before the first try: its person may put the phone away in the middle of it.
  askToBeWoken()
  const ended = await sendWaiting({ progress: keepProgress }, urged).catch(keepTrouble)
  if (ended !== 'broken') broken = ''
  await sleepUntilNext(ended).catch(keepTrouble)
  return ended
}

/** What this phone's own store said when it failed, if it did the last time. */
export function trouble(): string {
  return broken
}

function keepProgress(photo_id: string, sent: number): void {
  progress.set(photo_id, sent)
  tell('progress')
}

/** The phone's own store fails, not the network: nothing is lost by it, and its person is told. */
function keepTrouble(error: unknown): 'broken' {
  broken = error instanceof Error ? error.message : String(error)
  clearTimeout(timer)
  timer = setTimeout(() => void send(false), BROKEN_MS)
  tell('progress')
  return 'broken'
}

/** Bytes of a photo that this tab has seen arrive. */
export function arrived(photo_id: string): number {
  return progress.get(photo_id) ?? 0
}

/** For the case that this page is closed before all is sent; many engines know no such thing. */
function askToBeWoken(): void {
  void askForWorker().catch(() => undefined)
}

async function askForWorker(): Promise<void> {
  if (nextWake(await openActs(), 0) === undefined) return
  const registration = await navigator.serviceWorker?.getRegistration()
  const { sync } = (registration ?? {}) as { sync?: { register(tag: string): Promise<void> } }
  await sync?.register(OUTBOX_SYNC)
}

async function sleepUntilNext(ended: Ended | 'broken'): Promise<void> {
  if (ended === 'broken') return
  clearTimeout(timer)
  if (ended === 'signed_out' || ended === 'wiped') return
  const now = Date.now()
  const wake_at = ended === 'busy' ? now + BUSY_MS : nextWake(await openActs(), (await rest())?.until ?? 0)
  if (wake_at === undefined) return
  timer = setTimeout(() => void send(false), Math.min(LONGEST_MS, Math.max(SOONEST_MS, wake_at - now)))
}

/** undefined: nothing waits. */
export function nextWake(acts: Act[], rests_until: number): number | undefined {
  const waiting = acts.filter((act) => act.state === 'waiting')
  if (waiting.length === 0) return undefined
  return Math.max(rests_until, Math.min(...waiting.map((act) => act.not_before)))
}
