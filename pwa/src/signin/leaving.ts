import { ask } from '../api/asking'
import { beginStay, endStay } from '../api/stay'
import { leave } from '../local/identities'
import { silenceBell } from '../ringing/silencing'

/** Whoever comes next waits no longer than this for the end of the session before. */
const TIMEOUT_MS = 5_000

let ending: Promise<unknown> | undefined

/**
 * Clears what was read and ends the session: in this order, since the next one must not wait for a network that is away.
 * What was confirmed and not sent stays, for its person to send.
 */
export function signOut(): Promise<void> {
  const ended = leaveAndEnd()
  ending = ended
  return ended
}

async function leaveAndEnd(): Promise<void> {
  await Promise.all([silenceBell(), leave()])
  endStay()
  await ask('/api/sessions/current', { method: 'DELETE', timeout_ms: TIMEOUT_MS })
}

/** A new session begins after this: the answer to the end of the old one would take the new cookie away with it. */
export async function sessionEnded(): Promise<void> {
  await ending
  beginStay()
}
