import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { doPlainly } from './doing'

export const CONTACT_RESULTS = ['talked', 'tried', 'refused']

/** 联系来电人: whether whoever called about this was reached. */
export function tellContact(who: Identity, truth: Case, result: string, note: string): Promise<Act> {
  return doPlainly(who, truth, 'contacts', { result, note: note || undefined })
}

/** Upstream asks for a call, and nobody has reached the caller yet. */
export function wantsContact({ contact_required, journal }: Pick<Case, 'contact_required' | 'journal'>): boolean {
  const reached = journal.some((line) => line.kind === 'contacted' && line.facts?.result !== 'tried')
  return contact_required && !reached
}
