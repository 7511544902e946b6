// Whom a post's phone serves: as last heard, so that the list stands with no network.
import { askAs } from '../api/renewing'
import type { components } from '../api/schema'
import { identity, keepIdentity, type Identity, type PostPerson } from '../local/identities'
import { tell } from '../local/watching'

export const PIN_LEAST = 4
export const PIN_MOST = 8

/** Asks as who is signed in; nothing changes where the network is away. */
export async function refreshPeople(who: Identity): Promise<void> {
  if (!who.post) return
  const answer = await askAs<components['schemas']['PostPeople']>(who, '/api/devices/current/people')
  const now = await identity(who.device_id)
  if (answer.kind !== 'ok' || !now?.post) return
  await keepIdentity({ ...now, post: answer.body.post, people: answer.body.items })
  tell('session')
}

/** Who is shown: those it serves; before the first answer whoever was signed in last. */
export function shownPeople({ people, person, staff_no }: Identity): PostPerson[] {
  if (people?.length) return people
  return person ? [{ id: person.id, name: person.name, staff_no, has_pin: true }] : []
}

/** What a key does to the digits typed so far. */
export function typed(pin: string, key: string): string {
  if (key === 'Backspace') return pin.slice(0, -1)
  return /^\d$/.test(key) && pin.length < PIN_MOST ? pin + key : pin
}
