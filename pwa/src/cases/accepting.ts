import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { doPlainly } from './doing'

export function accept(who: Identity, truth: Case): Promise<Act> {
  return doPlainly(who, truth, 'acceptances')
}
