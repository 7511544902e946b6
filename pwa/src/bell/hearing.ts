// What the open app has to ring for. The server says over the live stream that there is something, and is asked what.
import { serverNow } from '../api/clock'
import { askAs } from '../api/renewing'
import { currentIdentity } from '../local/identities'
import type { BellMessage } from '../api/types'
import { acknowledge } from '../ringing/receipts'
import { language } from '../words/words'

const RANK: BellMessage['urgency'][] = ['normal', 'urgent', 'emergency']

/** Of this page: what it has rung for once it rings for no second time, though the server may not know yet. */
const rung = new Set<string>()
const shown_here = new Set<string>()

/** By then the list has long shown it to whoever opens the app. */
const LATELY_MS = 60_000

/** What to ring for now, oldest first; the server is told what is on the screen. */
export async function hear(now = serverNow()): Promise<BellMessage[]> {
  const answer = await askAs<{ alerts: BellMessage[] }>(await currentIdentity(), `/api/alerts?language=${language()}`)
  if (answer.kind !== 'ok' || !Array.isArray(answer.body?.alerts)) return []
  const news = answer.body.alerts.filter((one) => !rung.has(one.delivery_id)).reverse()
  news.forEach((one) => rung.add(one.delivery_id))
  if (news.length) void acknowledge(...news.map(({ delivery_id }) => ({ delivery_id, receipt: 'shown' as const })))
  return news.filter((one) => !isOnScreen(one) && isToRing(one, now))
}

/** Whether this very thing has come another way: a push and the live stream tell of it under two ids. */
function isOnScreen({ tag, kind, at }: BellMessage): boolean {
  const before = shown_here.size
  return shown_here.add(`${tag} ${kind} ${at}`).size === before
}

/** What a push brought while this page is on the screen; undefined: it rang for that already. */
export function hearPushed(message: BellMessage): BellMessage | undefined {
  return isOnScreen(message) ? undefined : message
}

/** What came while the app was closed stands in the list; words to everybody and emergencies stand nowhere else. */
export function isToRing({ at, case_id, urgency }: BellMessage, now: number): boolean {
  return !case_id || urgency === 'emergency' || now - Date.parse(at) < LATELY_MS
}

/** How long it stays on the screen, ms; Infinity: until somebody touches it. */
export function standsFor(urgency: BellMessage['urgency']): number {
  return { normal: 8_000, urgent: 20_000, emergency: Infinity }[urgency]
}

/** How loud several at once are. */
export function loudest(messages: BellMessage[]): BellMessage['urgency'] {
  return RANK[Math.max(...messages.map((one) => RANK.indexOf(one.urgency)))] ?? 'normal'
}

/** What stands on the screen after `news` came: one for each tag, the newest last, the most pressing never covered. */
export function standing(shown: BellMessage[], news: BellMessage[]): BellMessage[] {
  const by_tag = new Map([...shown, ...news].map((one) => [one.tag, one]))
  return [...by_tag.values()].sort((a, b) => RANK.indexOf(a.urgency) - RANK.indexOf(b.urgency) || Date.parse(a.at) - Date.parse(b.at))
}

/** What still stands there when somebody has opened this case. */
export function withoutCase(shown: BellMessage[], case_id: string): BellMessage[] {
  return shown.filter((one) => one.case_id !== case_id || one.urgency === 'emergency')
}
