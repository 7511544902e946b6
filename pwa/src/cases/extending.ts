import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { doPlainly } from './doing'
import { reasonWords } from './reasons'

/** The usual reasons, so that nobody has to type; the server takes words, not codes. */
export const EXTENSION_REASONS = ['weather', 'material', 'big_job', 'other_party', 'other']

export function askForExtension(who: Identity, truth: Case, code: string, words: string): Promise<Act> {
  return doPlainly(who, truth, 'extensions', { reason: reasonWords('extension', code, words) })
}
