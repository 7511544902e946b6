// What this person may do with a case as he sees it: the buttons he gets. The server decides again.
import type { Case, Me } from '../api/types'
import { relationsOf, type Relation } from './relations'
import { isAsked, ordersToAnswer, requestsToForward } from './requests'
import type { ShownCase } from './showing'

export type PhoneAct =
  | 'acceptances'
  | 'closures'
  | 'handbacks'
  | 'extensions'
  | 'shelvings'
  | 'notes'
  | 'contacts'
  | 'unit_reviews'
  | 'checks'
  | 'verifications'
  | 'forwardings'
  | 'supervision_replies'

interface Way {
  relations: Relation[]
  states: string[]
}

const GIVEN = ['assigned', 'in_progress']
const WORKING = ['dispatched', ...GIVEN, 'handled']

/** `notes`, `contacts`, `supervision_replies` fit every state. */
const WAYS: Partial<Record<PhoneAct, Way[]>> = {
  acceptances: [{ relations: ['handler'], states: ['assigned'] }],
  closures: [{ relations: ['handler', 'helper', 'unit'], states: GIVEN }],
  handbacks: [
    { relations: ['handler'], states: GIVEN },
    { relations: ['unit'], states: ['dispatched'] },
  ],
  extensions: [
    { relations: ['handler'], states: GIVEN },
    { relations: ['unit'], states: WORKING },
  ],
  shelvings: [{ relations: ['unit'], states: [...WORKING, 'feedback'] }],
  unit_reviews: [{ relations: ['unit'], states: ['handled'] }],
  checks: [{ relations: ['inspector'], states: ['checking'] }],
  verifications: [{ relations: ['inspector'], states: ['verifying'] }],
  forwardings: [{ relations: ['unit'], states: [...WORKING, 'feedback'] }],
}

export function mayDo({ truth, state }: ShownCase, me: Me | undefined, now: number): Set<PhoneAct> {
  const may = new Set<PhoneAct>()
  const relations = relationsOf(truth, me)
  if (truth.gone || truth.lead_case_id || relations.length === 0) return may
  may.add('notes')
  if (truth.contact_required || truth.reporter?.phone) may.add('contacts')
  if (relations.includes('unit') && ordersToAnswer(truth).length) may.add('supervision_replies')
  for (const [act, ways] of Object.entries(WAYS) as [PhoneAct, Way[]][]) {
    const fits = ways.some((way) => way.states.includes(state) && way.relations.some((one) => relations.includes(one)))
    if (fits && !isRuledOut(act, truth, me, now)) may.add(act)
  }
  return may
}

/** Whom this closure is done for: its handler, when somebody else runs the camera for him. */
export function onBehalfOf(truth: Case, me: Me | undefined): { id: string; name: string } | undefined {
  if (isHis(truth, me) || !truth.handler?.id) return undefined
  return { id: truth.handler.id, name: truth.handler.name }
}

/** Of a case given to nobody by name, whoever runs the unit has to say whose work this was. */
export function mustNameSomebody(truth: Case, me: Me | undefined): boolean {
  return !isHis(truth, me) && !truth.handler?.id
}

function isHis(truth: Case, me: Me | undefined): boolean {
  const relations = relationsOf(truth, me)
  return relations.includes('handler') || relations.includes('helper')
}

function isRuledOut(act: PhoneAct, truth: Case, me: Me | undefined, now: number): boolean {
  const past = (at: string | null) => at !== null && now > Date.parse(at)
  if (act === 'handbacks') return !truth.allow.handback || past(truth.handback_deadline)
  if (act === 'shelvings') return isAsked(truth, 'shelving') || truth.journal.some((line) => line.kind === 'shelved')
  if (act === 'forwardings') return requestsToForward(truth).length === 0
  if (act === 'unit_reviews') return isOwnWork(truth, me) || isAnothersTurn(truth, me)
  if (act !== 'extensions') return false
  const used_up = me !== undefined && truth.extensions >= me.settings.extensions_most
  return !truth.allow.extension || truth.clock.state !== 'running' || past(truth.deadline) || isAsked(truth, 'extension') || used_up
}

/** Nobody reviews his own work. */
function isOwnWork(truth: Case, me: Me | undefined): boolean {
  const handed_in = truth.journal.filter((line) => line.kind === 'handled').pop()
  return me !== undefined && [truth.handler?.id, handed_in?.by?.id].includes(me.person.id)
}

function isAnothersTurn(truth: Case, me: Me | undefined): boolean {
  return truth.turn_unit !== null && me !== undefined && truth.turn_unit.id !== me.unit.id
}
