import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { isoTime } from '../words/times'
import { doPlainly } from './doing'
import { reasonWords } from './reasons'

export const SHELVING_REASONS = ['season', 'construction', 'material', 'owner', 'other']
/** How long a pause is asked for, in days. */
export const SHELVING_DAYS = { week: 7, month: 30, quarter: 90 } as const

export type ShelvingTerm = keyof typeof SHELVING_DAYS

const DAY_MS = 86_400_000

export function askForShelving(
  who: Identity,
  truth: Case,
  code: string,
  words: string,
  term: ShelvingTerm,
  now = Date.now(),
): Promise<Act> {
  const until = isoTime(now + SHELVING_DAYS[term] * DAY_MS)
  return doPlainly(who, truth, 'shelvings', { reason: reasonWords('shelving', code, words), until })
}
