// Who works beside this person: for 协助 and for 代 (many sweepers have no smartphone).
import { askAs } from '../api/renewing'
import type { components } from '../api/schema'
import type { Identity } from '../local/identities'
import { remember, setting } from '../local/settings'

type PersonView = components['schemas']['PersonView']

export interface Mate {
  id: string
  name: string
}

declare module '../local/settings' {
  interface Settings {
    mates: { unit_id: string; people: Mate[] }
  }
}

const WORKING_ROLES = ['handler', 'crew_leader']

/** Those of this unit, as they were last heard; then as they are now, where there is a network. */
export async function matesOf(who: Identity, unit_id: string, found: (mates: Mate[]) => void): Promise<void> {
  const known = await setting('mates')
  if (known?.unit_id === unit_id) found(known.people)
  const answer = await askAs<{ items: PersonView[] }>(who, `/api/people?unit_id=${unit_id}`)
  if (answer.kind !== 'ok') return
  const people = answer.body.items
    .filter((one) => one.active && WORKING_ROLES.includes(one.role) && one.id !== who.person?.id)
    .map(({ id, name }) => ({ id, name }))
  await remember('mates', { unit_id, people })
  found(people)
}

export function namesOf(mates: Mate[], ids: string[] | undefined): string {
  return (ids ?? []).flatMap((id) => mates.find((mate) => mate.id === id)?.name ?? []).join('、')
}
