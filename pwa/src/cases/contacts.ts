// Whom to call, with no network too: the duty desk of the unit, its leaders, those above.
import type { Case, Me } from '../api/types'
import { askAs } from '../api/renewing'
import type { components } from '../api/schema'
import type { Identity } from '../local/identities'
import { remember, setting } from '../local/settings'
import { word } from '../words/words'

type Contact = components['schemas']['Contact']

declare module '../local/settings' {
  interface Settings {
    contacts: Contact[]
  }
}

export interface Line {
  key: string
  name: string
  /** post or unit, to tell two of one name apart */
  about: string
  /** as the dialler takes it */
  tel: string
}

/** As they were last heard, then as they are now. */
export async function contactsFor(who: Identity, found: (contacts: Contact[]) => void): Promise<void> {
  const known = await setting('contacts')
  if (known) found(known)
  const answer = await askAs<{ items: Contact[] }>(who, '/api/contacts')
  if (answer.kind !== 'ok') return
  await remember('contacts', answer.body.items)
  found(answer.body.items)
}

/** The duty desks first: somebody is always there. Whoever has no number is left out, and so is himself. */
export function linesFor(truth: Case | undefined, me: Me | undefined, contacts: Contact[]): Line[] {
  const desks = [truth?.unit, truth?.turn_unit, me?.unit].map((unit) => ({ id: unit?.id, name: unit?.name ?? '', about: word('line', 'duty_desk'), phone: unit?.phone }))
  const people = contacts
    .filter((one) => one.id !== me?.person.id)
    .map(({ id, name, role, unit, phone }) => ({ id, name, about: `${word('role', role)} · ${unit.name}`, phone }))
  const seen = new Set<string>()
  return [...desks, ...people].flatMap(({ id, name, about, phone }) => {
    if (!id || !phone || seen.has(id)) return []
    seen.add(id)
    return [{ key: id, name, about, tel: phone.replace(/[^0-9+]/g, '') }]
  })
}
