import { clockClaim, serverNow } from '../api/clock'
import { canonical } from '../api/jcs'
import { signAct } from '../api/signing'
import { change, type Rows } from '../local/database'
import { newId } from '../local/ids'
import type { Identity } from '../local/identities'
import { tell } from '../local/watching'
import type { Place } from '../place/place'
import { makingRoom } from './room'
import type { Act } from './rows'

export interface Doing {
  act: string
  case_id: string | null
  about: string
  done_at: string
  place: Place | null
  no_place_reason?: string | undefined
  /** in the order in which they were taken */
  photos: { photo_id: string; sha256: string }[]
  /** what this act adds to the members that every body has; undefined members are absent */
  extra?: Record<string, unknown>
}

/**
 * Signs what was done, now and by this phone, and keeps it; resolves when it is on disk. `alongside` runs in the same
 * transaction, so that what the act ends (a draft) ends with it or not at all.
 */
export async function keepAct(
  who: Identity,
  doing: Doing,
  alongside?: (rows: Rows) => Promise<unknown>,
): Promise<Act> {
  const row = await signedRow(who, doing)
  await keepRows([row], alongside)
  return row
}

/** The same for a selection: all of it is kept, or nothing. */
export async function keepActs(who: Identity, doings: Doing[]): Promise<void> {
  const rows: Act[] = []
  for (const doing of doings) rows.push(await signedRow(who, doing))
  await keepRows(rows)
}

async function keepRows(acts: Act[], alongside?: (rows: Rows) => Promise<unknown>): Promise<void> {
  await makingRoom(() =>
    change(['outbox', 'drafts', 'photos', 'slices'], async (rows) => {
      for (const { n: _unkept, ...act } of acts) await rows.put('outbox', act)
      await alongside?.(rows)
    }),
  )
  tell('outbox')
}

async function signedRow(who: Identity, doing: Doing): Promise<Act> {
  const act_id = newId()
  const body = bodyOf(doing)
  const { act, case_id } = doing
  return {
    act_id,
    case_id,
    act,
    wire: canonical(body),
    signature: await signAct(who.private_key, who.device_id, { act, act_id, case_id, body }),
    device_id: who.device_id,
    person_id: who.person?.id ?? '',
    about: doing.about,
    photos: doing.photos.map((photo) => photo.photo_id),
    made_at: serverNow(),
    state: 'waiting',
    tries: 0,
    not_before: 0,
  }
}

function bodyOf({ done_at, place, no_place_reason, photos, extra }: Doing): Record<string, unknown> {
  const members = {
    done_at,
    place,
    ...(place === null && no_place_reason ? { no_place_reason } : {}),
    clock: clockClaim(),
    photos: photos.map(({ photo_id, sha256 }) => ({ photo_id, sha256 })),
    ...extra,
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
