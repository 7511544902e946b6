// What somebody at a desk may do with a case as it stands: the buttons he gets. The server decides again.
import type { Case, Me } from '../../api/types'

export type DeskAct =
  | 'urgings' | 'supervisions' | 'signings' | 'assignments' | 'dispatches' | 'revocations' | 'cancellations' | 'reopenings'

interface Way {
  act: DeskAct
  roles: Me['person']['role'][]
  states: string[]
}

const GIVEN = ['assigned', 'in_progress']
const OUT = ['dispatched', ...GIVEN]
const OPEN = ['received', ...OUT, 'handled', 'feedback', 'checking']
const UNENDED = [...OPEN, 'reported', 'verifying', 'returning', 'reported_up', 'shelved']

/** As `WAYS` of the server (cases/rules.py), in the order of the buttons. */
const WAYS: Way[] = [
  { act: 'signings', roles: ['unit_operator'], states: ['dispatched'] },
  { act: 'assignments', roles: ['unit_operator'], states: OUT },
  { act: 'urgings', roles: ['supervisor'], states: OPEN },
  { act: 'supervisions', roles: ['supervisor', 'leader'], states: OPEN },
  { act: 'dispatches', roles: ['supervisor'], states: ['received', ...OUT] },
  { act: 'revocations', roles: ['supervisor', 'unit_operator'], states: GIVEN },
  { act: 'reopenings', roles: ['supervisor'], states: ['closed'] },
  { act: 'cancellations', roles: ['supervisor'], states: UNENDED },
]

type Standing = Pick<Case, 'state' | 'lead_case_id' | 'journal'>

export function mayDo(one: Standing, role: Me['person']['role']): DeskAct[] {
  return WAYS.filter(({ act, roles, states }) => roles.includes(role) && states.includes(one.state) && !isRuledOut(act, one)).map(({ act }) => act)
}

function isRuledOut(act: DeskAct, { lead_case_id, journal }: Standing): boolean {
  if (lead_case_id && act !== 'cancellations') return true
  if (act !== 'signings') return false
  // Signed since it was last sent to a unit.
  const last = [...journal].reverse().find(({ kind }) => ['signed', 'dispatched', 'received', 'registered'].includes(kind))
  return last?.kind === 'signed'
}
