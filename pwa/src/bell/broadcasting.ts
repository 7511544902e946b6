// Words to everybody of one's unit, or of the district, and how far they have come.
import type { Answer } from '../api/asking'
import { askAs } from '../api/renewing'
import type { Broadcast } from '../api/types'
import type { Identity } from '../local/identities'
import { newId } from '../local/ids'

export interface Draft {
  /** asked for again after a lost answer, it is the same one */
  id: string
  words: string
  role: string
  emergency: boolean
}

export const WORDS_MOST = 200
/** Whom a broadcast may be narrowed to; everybody is no role. */
export const ROLES = ['', 'handler', 'inspector', 'crew_leader']

const DECLARE = ['supervisor', 'leader']

export function newDraft(): Draft {
  return { id: newId(), words: '', role: '', emergency: false }
}

/** Who may speak to the whole district and declare an emergency. */
export function mayDeclare(who: Identity): boolean {
  return DECLARE.includes(who.person?.role ?? '')
}

export function speak(who: Identity, { id, words, role, emergency }: Draft, unit_id: string): Promise<Answer<Broadcast>> {
  const body = {
    words: words.trim(),
    ...(mayDeclare(who) ? { emergency } : { unit_id }),
    ...(role ? { role } : {}),
  }
  return askAs<Broadcast>(who, `/api/broadcasts/${id}`, { method: 'PUT', body: JSON.stringify(body) })
}

export async function progress(who: Identity, id: string): Promise<Broadcast | undefined> {
  const answer = await askAs<Broadcast>(who, `/api/broadcasts/${id}`)
  return answer.kind === 'ok' ? answer.body : undefined
}

export async function recent(who: Identity): Promise<Broadcast[]> {
  const answer = await askAs<{ broadcasts: Broadcast[] }>(who, '/api/broadcasts')
  return answer.kind === 'ok' ? answer.body.broadcasts : []
}

/** Whether its numbers still move. */
export function isGoing(one: Broadcast): boolean {
  return one.going || one.waiting > 0
}
