// 单位审核: what was handed in is looked at, one case or many.
import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import { keepActs } from '../outbox/keeping'
import { plainly } from './doing'
import { reasonWords } from './reasons'

export const BACK_REASONS = ['not_clean', 'other_place', 'unclear_photo', 'wrong_photo', 'other']

export function pass(who: Identity, cases: Case[]): Promise<void> {
  return keepActs(who, cases.map((truth) => plainly(truth, 'unit_reviews', { verdict: 'pass' })))
}

export function sendBack(who: Identity, cases: Case[], code: string, words: string): Promise<void> {
  const reason = reasonWords('back', code, words)
  return keepActs(who, cases.map((truth) => plainly(truth, 'unit_reviews', { verdict: 'back', reason })))
}
