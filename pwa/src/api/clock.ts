import { remember, setting } from '../local/settings'

// The phone's clock may be wrong by days. What the server said last is kept as a difference, with its age.

const MEMORY_MS = 60_000

let offset_s: number | undefined
let heard_at_monotonic = 0
let kept_at = -Infinity

export async function recallClock(): Promise<void> {
  const known = await setting('server_clock')
  if (!known || offset_s !== undefined) return
  offset_s = known.offset_s
  heard_at_monotonic = performance.now() - Math.max(0, Date.now() - known.at)
}

/** Learns from an answer's Date header, which counts whole seconds. */
export function hearClock(response: Response, askedAtMs: number): void {
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date)) return
  const middle = (askedAtMs + Date.now()) / 2
  offset_s = Math.round((date + 500 - middle) / 1000)
  heard_at_monotonic = performance.now()
  if (heard_at_monotonic - kept_at < MEMORY_MS) return
  kept_at = heard_at_monotonic
  void remember('server_clock', { offset_s, at: Date.now() }).catch(() => undefined)
}

/** What goes into an act: the difference at the last contact, and how long ago that was by a clock nobody can set. */
export function clockClaim(): { offset_s: number; age_s: number } | null {
  if (offset_s === undefined) return null
  return { offset_s, age_s: Math.max(0, Math.round((performance.now() - heard_at_monotonic) / 1000)) }
}

/** Now by the server's clock as well as this phone knows it, ms. */
export function serverNow(): number {
  return Date.now() + (offset_s ?? 0) * 1000
}
