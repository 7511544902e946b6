import { change, read, type Rows } from './database'
import { forgetSeenPhotos } from './seen_photos'
import { setting } from './settings'
import { tell } from './watching'

/** Somebody whom a post's phone serves. */
export interface PostPerson {
  id: string
  name: string
  staff_no: string
  has_pin: boolean
}

/** Who may speak from this phone: a key that never leaves it, bound to one person, or to a post whose people share it. */
export interface Identity {
  device_id: string
  staff_no: string
  private_key: CryptoKey
  /** whom its proofs are made out to, as the server named itself */
  base_url: string
  /** who is signed in by it, or was last */
  person: { id: string; name: string; role: string } | null
  post?: { id: string; name: string }
  /** whom the post's phone serves, as last heard */
  people?: PostPerson[]
}

/** The pairing under way: a code is bound to the first key that used it, so a retry must come with the same key. */
export interface PendingKey {
  private_key: CryptoKey
  public_key: JsonWebKey
}

export async function currentIdentity(): Promise<Identity | undefined> {
  const device_id = await setting('current')
  return device_id === undefined ? undefined : identity(device_id)
}

export function identity(device_id: string): Promise<Identity | undefined> {
  return read(['identities'], (rows) => rows.get<Identity>('identities', device_id))
}

export function identities(): Promise<Identity[]> {
  return read(['identities'], (rows) => rows.all<Identity>('identities'))
}

/** The post's phone that this is: where nobody is signed in, what it was last. */
export async function postIdentity(): Promise<Identity | undefined> {
  const device_id = (await setting('current')) ?? (await setting('last'))
  const one = device_id === undefined ? undefined : await identity(device_id)
  return one?.post && one
}

export function identityOf(staff_no: string): Promise<Identity | undefined> {
  return read(['identities'], async (rows) =>
    (await rows.all<Identity>('identities')).reverse().find((one) => one.staff_no === staff_no),
  )
}

export async function keepIdentity(one: Identity): Promise<void> {
  await change(['identities'], (rows) => rows.put('identities', one))
}

/** A post's phone was bound; whoever serves there may sign in. */
export async function becomePostsPhone(one: Identity): Promise<void> {
  await keepIdentity(one)
  await leave()
  await change(['settings'], async (rows) => {
    await rows.put('settings', one.device_id, 'last')
    for (const over of ['signed_out', 'ended']) await rows.remove('settings', over)
  })
  tell('session')
}

/** The id of the person now at this phone; needs the stores `settings` and `identities`. */
export async function currentPersonIn(rows: Rows): Promise<string | undefined> {
  const device_id = await rows.get<string>('settings', 'current')
  return device_id === undefined ? undefined : (await rows.get<Identity>('identities', device_id))?.person?.id
}

/** Makes `one` the person at this phone; what another one read or began is out of sight before a page is drawn. */
export async function becomeCurrent(one: Identity): Promise<void> {
  if ((await currentIdentity())?.person?.id !== one.person?.id) await forgetSeenPhotos()
  await change(['identities', 'settings', 'cases', 'nearby', 'drafts'], async (rows) => {
    if ((await currentPersonIn(rows)) !== one.person?.id) {
      await putAway(rows)
      await takeOut(rows, one.person?.id)
    }
    await rows.put('identities', one)
    await rows.put('settings', one.device_id, 'current')
    await rows.put('settings', one.device_id, 'last')
    for (const over of ['signed_out', 'ended']) await rows.remove('settings', over)
  })
  tell('session')
}

/** Nobody is at this phone any more. What was confirmed stays in the outbox, what was begun waits for its person. */
export async function leave(): Promise<void> {
  await forgetSeenPhotos()
  await change(['identities', 'settings', 'cases', 'nearby', 'drafts'], async (rows) => {
    await putAway(rows)
    await rows.remove('settings', 'current')
    await rows.remove('settings', 'signed_out')
  })
  tell('session')
}

/** What was read for one person; the next one reads his own. */
const READ_BY_ONE = ['cursor', 'me', 'mates', 'contacts', 'my_grids', 'workers']

/** What he set for his eyes and ears: on a post's phone everybody has his own. */
const SET_BY_ONE = ['look', 'size', 'scale', 'hand', 'read_aloud', 'ringing']

async function putAway(rows: Rows): Promise<void> {
  const person_id = await currentPersonIn(rows)
  if (person_id) await keepSet(rows, person_id)
  const begun = await rows.all('drafts')
  if (person_id && begun.length) await rows.put('settings', begun, begunName(person_id))
  await rows.clear('drafts')
  await rows.clear('cases')
  await rows.clear('nearby')
  for (const name of READ_BY_ONE) await rows.remove('settings', name)
}

async function takeOut(rows: Rows, person_id: string | undefined): Promise<void> {
  if (!person_id) return
  for (const draft of (await rows.get<unknown[]>('settings', begunName(person_id))) ?? []) await rows.put('drafts', draft)
  await rows.remove('settings', begunName(person_id))
  const set = await rows.get<Record<string, unknown>>('settings', setName(person_id))
  for (const name of set ? SET_BY_ONE : []) {
    if (set![name] === undefined) await rows.remove('settings', name)
    else await rows.put('settings', set![name], name)
  }
}

async function keepSet(rows: Rows, person_id: string): Promise<void> {
  const set: Record<string, unknown> = {}
  for (const name of SET_BY_ONE) set[name] = await rows.get('settings', name)
  await rows.put('settings', set, setName(person_id))
}

function setName(person_id: string): string {
  return `set:${person_id}`
}

function begunName(person_id: string): string {
  return `begun:${person_id}`
}
