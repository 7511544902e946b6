import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { doPlainly } from './doing'

export const HANDBACK_REASONS = ['not_our_unit', 'not_our_area', 'wrong_class', 'no_tools', 'other']

export function handBack(who: Identity, truth: Case, reason: string, words: string): Promise<Act> {
  return doPlainly(who, truth, 'handbacks', { reason, words: words || undefined })
}
