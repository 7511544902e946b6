import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import { keepAct, type Doing } from '../outbox/keeping'
import type { Act } from '../outbox/rows'
import { isoTime } from '../words/times'
import { titleOf } from './showing'

/** An act on a case that asks for neither place nor photo. */
export function plainly(truth: Case, act: string, extra: Record<string, unknown> = {}): Doing {
  return { act, case_id: truth.id, about: titleOf(truth), done_at: isoTime(Date.now()), place: null, photos: [], extra }
}

/** Signs it and keeps it in the outbox. */
export function doPlainly(who: Identity, truth: Case, act: string, extra: Record<string, unknown> = {}): Promise<Act> {
  return keepAct(who, plainly(truth, act, extra))
}
