// What each act of the case page asks for before it is done, and what is sent of the answers.
import type { Case } from '../../api/types'
import { serverNow } from '../../api/clock'
import { isoTime } from '../../words/times'
import type { DeskAct } from './may'

export interface Asks {
  /** the body's member for the words, and whether it may be empty */
  words?: { member: 'opinion' | 'reason'; may_be_empty?: boolean }
  whom?: 'unit' | 'person'
  reply_by?: boolean
}

export interface Answers {
  words: string
  whom: string
  reply_hours: number
}

export const REPLY_HOURS = [4, 24, 48, 72]
const HOUR_MS = 3_600_000

export function asksOf(act: DeskAct, { unit }: Pick<Case, 'unit'>): Asks {
  if (act === 'urgings') return { words: { member: 'opinion' } }
  if (act === 'supervisions') return { words: { member: 'opinion' }, reply_by: true }
  if (act === 'dispatches') return { whom: 'unit', words: { member: 'reason', may_be_empty: unit === null } }
  if (act === 'assignments') return { whom: 'person' }
  if (act === 'cancellations' || act === 'reopenings') return { words: { member: 'reason' } }
  return {}
}

export function isAnswered({ words, whom }: Asks, answers: Answers): boolean {
  return (!words || words.may_be_empty === true || answers.words.trim() !== '') && (!whom || answers.whom !== '')
}

export function bodyOf(asks: Asks, { words, whom, reply_hours }: Answers): Record<string, unknown> {
  return {
    ...(asks.words && words.trim() ? { [asks.words.member]: words.trim() } : {}),
    ...(asks.whom ? { [`${asks.whom}_id`]: whom } : {}),
    ...(asks.reply_by ? { reply_by: isoTime(serverNow() + reply_hours * HOUR_MS) } : {}),
  }
}
