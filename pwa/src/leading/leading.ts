import type { Case } from '../api/types'
import { plainly } from '../cases/doing'
import type { ShownCase } from '../cases/showing'
import type { Identity } from '../local/identities'
import { keepActs } from '../outbox/keeping'
import { openRequest } from './requests'

export type Desk = 'to_assign' | 'to_review' | 'requests' | 'in_hand'

/** What waits for the leader of this unit, each by deadline as the list is. `decided`: on which he has said a word that
 * is still to be sent. */
export function onHisDesk(shown: ShownCase[], unit_id: string, decided = new Set<string>()): Record<Desk, ShownCase[]> {
  const own = shown.filter(({ truth }) => truth.unit?.id === unit_id && !truth.gone && !truth.lead_case_id)
  const turn = ({ truth }: ShownCase) => !truth.turn_unit || truth.turn_unit.id === unit_id
  return {
    to_assign: own.filter(({ state }) => state === 'dispatched'),
    to_review: own.filter((one) => one.state === 'handled' && turn(one)),
    requests: own.filter(({ truth }) => openRequest(truth) !== undefined && !decided.has(truth.id)),
    in_hand: own.filter(({ state }) => state === 'assigned' || state === 'in_progress'),
  }
}

/** Gives all of them to one person, signed one by one and kept together; assigning signs for the unit as well. */
export function assign(who: Identity, cases: Case[], person_id: string): Promise<void> {
  return keepActs(who, cases.map((truth) => plainly(truth, truth.state === 'dispatched' ? 'assignments' : 'transfers', { person_id })))
}
