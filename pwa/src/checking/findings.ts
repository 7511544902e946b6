// What this phone can do for its person, found out by trying and never by the browser's name.
import { ask } from '../api/asking'
import { clockClaim } from '../api/clock'

export type Topic = 'network' | 'clock' | 'storage' | 'place' | 'camera' | 'bell' | 'worker' | 'key'

export interface Finding {
  topic: Topic
  state: 'good' | 'poor' | 'bad'
  /** a number or name that belongs to it */
  detail: string
}

export const TOPICS: Topic[] = ['network', 'clock', 'storage', 'place', 'camera', 'bell', 'worker', 'key']

const SLOW_MS = 1_500
const DOUBTFUL_S = 300
const ROOM_MB = 200
const FIX_MS = 15_000

const CHECKS: Record<Topic, () => Promise<Omit<Finding, 'topic'>>> = {
  async network() {
    const before = performance.now()
    const answer = await ask('/version')
    const ms = Math.round(performance.now() - before)
    return { state: answer.kind !== 'ok' ? 'bad' : ms > SLOW_MS ? 'poor' : 'good', detail: answer.kind === 'ok' ? `${ms} ms` : '' }
  },
  async clock() {
    const offset_s = clockClaim()?.offset_s
    if (offset_s === undefined) return { state: 'poor', detail: '' }
    return { state: Math.abs(offset_s) > DOUBTFUL_S ? 'poor' : 'good', detail: `${offset_s} s` }
  },
  async storage() {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {}
    const free_mb = Math.round((quota - usage) / 1_048_576)
    const safe = (await navigator.storage?.persisted?.()) === true
    if (!quota) return { state: 'poor', detail: '' }
    return { state: free_mb < ROOM_MB ? 'bad' : safe ? 'good' : 'poor', detail: `${free_mb} MB` }
  },
  async place() {
    if (!navigator.geolocation) return { state: 'bad', detail: '' }
    return new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ state: coords.accuracy > 100 ? 'poor' : 'good', detail: `±${Math.round(coords.accuracy)} m` }),
        () => resolve({ state: 'bad', detail: '' }),
        { enableHighAccuracy: true, timeout: FIX_MS, maximumAge: 60_000 },
      ),
    )
  },
  async camera() {
    return { state: 'capture' in document.createElement('input') ? 'good' : 'poor', detail: '' }
  },
  async bell() {
    if (!('Notification' in window) || !('PushManager' in window)) return { state: 'bad', detail: '' }
    return { state: Notification.permission === 'granted' ? 'good' : 'poor', detail: '' }
  },
  async worker() {
    return { state: navigator.serviceWorker?.controller ? 'good' : 'poor', detail: '' }
  },
  async key() {
    return { state: 'subtle' in crypto ? 'good' : 'bad', detail: '' }
  },
}

/** Whatever a check stumbles over is a finding, too. */
export async function find(topic: Topic): Promise<Finding> {
  return { topic, ...(await CHECKS[topic]().catch((error: unknown) => ({ state: 'bad' as const, detail: String(error) }))) }
}
