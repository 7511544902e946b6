// 「今天老张休息, 老刘顶」 and 交班: one signed act each, through the outbox like any other.
import type { Identity } from '../local/identities'
import { keepAct } from '../outbox/keeping'
import type { Act } from '../outbox/rows'
import { isoTime } from '../words/times'
import type { Worker } from './workers'

const HOUR_MS = 3600_000
const ZONE_MS = 8 * HOUR_MS
const DAY_MS = 24 * HOUR_MS
/** Late in the evening "today" means the night as well. */
const EVENING_HOUR = 20
const MORNING_HOUR = 8

/** When "today" is over, on the city's clock: midnight; after 20:00 the next morning at 08:00. ms */
export function endOfToday(now: number): number {
  const midnight = Math.floor((now + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS
  return now - midnight >= EVENING_HOUR * HOUR_MS ? midnight + DAY_MS + MORNING_HOUR * HOUR_MS : midnight + DAY_MS
}

/** He rests until then, `stand_in` has his duties and his open cases. */
export function standIn(who: Identity, away: Worker, stand_in: Worker, now: number): Promise<Act> {
  return hand(who, away.name, stand_in.name, {
    from_person_id: away.id,
    to_person_id: stand_in.id,
    absence: { until_at: isoTime(endOfToday(now)), kind: 'rest' },
  })
}

/** Open cases alone; `to` undefined: each to whoever is on duty for it. */
export function handOverCases(who: Identity, from: Worker, to: Worker | undefined): Promise<Act> {
  return hand(who, from.name, to?.name ?? '', { from_person_id: from.id, ...(to ? { to_person_id: to.id } : {}) })
}

function hand(who: Identity, from: string, to: string, extra: Record<string, unknown>): Promise<Act> {
  const about = to ? `${from} → ${to}` : from
  return keepAct(who, { act: 'handovers', case_id: null, about, done_at: isoTime(Date.now()), place: null, photos: [], extra })
}

/** Of whom a handover still waits to be sent, and whether he rests by it. */
export function waitingHandovers(acts: Act[]): Map<string, boolean> {
  const waiting = acts.filter((act) => act.act === 'handovers' && act.state === 'waiting')
  return new Map(
    waiting.map((act) => {
      const said = JSON.parse(act.wire) as { from_person_id: string; absence?: unknown }
      return [said.from_person_id, said.absence !== undefined]
    }),
  )
}
