import type { Case, Me } from '../api/types'

export type Relation = 'handler' | 'helper' | 'unit' | 'inspector' | 'reporter'

/** How he stands to the case; before the server said who he is, what is in his list counts as given to him. */
export function relationsOf(truth: Case, me: Me | undefined): Relation[] {
  if (!me) return ['handler']
  const relations: Relation[] = []
  const { id, role } = me.person
  if (truth.handler ? truth.handler.id === id : me.crew_ids.includes(truth.crew?.id ?? '')) relations.push('handler')
  if (truth.helpers.some((helper) => helper.id === id)) relations.push('helper')
  if (role === 'crew_leader' || role === 'unit_operator') relations.push('unit')
  if (truth.inspector?.id === id) relations.push('inspector')
  if (truth.reporter_id === id) relations.push('reporter')
  return relations
}
