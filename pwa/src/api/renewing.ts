import { hex } from '../local/ids'
import type { Identity } from '../local/identities'
import { ask, type Answer, type Request, type Transport } from './asking'
import { serverNow } from './clock'
import { signProof } from './signing'
import { untilHeLeaves } from './stay'
import type { SessionAnswer } from './types'

const PIN_NEEDED = { code: 'pin_needed', title: '', status: 401, retry: false }

/** A session ended by age is taken again by the phone's key; nobody is asked for a password in the street. */
export async function renewSession(who: Identity, send: Transport = fetch): Promise<Answer<SessionAnswer>> {
  const answer = await inTime(() => proofOfKey(who, who.person?.id ?? '', {}, send))
  // On a post's phone the shift is over, or somebody else has signed in: what came only delivers.
  return answer.kind === 'ok' && answer.body.deliver_only ? { ...answer, kind: 'problem', status: 401, problem: PIN_NEEDED } : answer
}

/** A token to send in this person's name by this key, beside whoever's cookie the browser has; it reads nothing. */
export function takeDelivery(who: Identity, person_id: string, send: Transport = fetch): Promise<Answer<SessionAnswer>> {
  return inTime(() => proofOfKey(who, person_id, { deliver: true }, send))
}

async function inTime(take: () => Promise<Answer<SessionAnswer>>): Promise<Answer<SessionAnswer>> {
  const first = await take()
  // The refusal's Date header has just set our clock right, so one more try may pass where the first was out of time.
  return first.kind === 'problem' && first.problem.code === 'proof_stale' ? take() : first
}

async function proofOfKey(
  who: Identity,
  person_id: string,
  how: { deliver?: true },
  send: Transport,
): Promise<Answer<SessionAnswer>> {
  const proof = await signProof(who.private_key, who.device_id, {
    aud: who.base_url,
    sub: person_id,
    iat: Math.floor(serverNow() / 1000),
    jti: hex(crypto.getRandomValues(new Uint8Array(16))),
  })
  const body = JSON.stringify({ device_id: who.device_id, proof, ...how })
  return ask('/api/sessions', { method: 'POST', body }, send)
}

let renewing: Promise<Answer<SessionAnswer>> | undefined

/**
 * As `ask` for who is at this phone, with one renewal in between where the session is over; where that fails, its answer
 * says why. Once he has left, nothing is heard of it.
 */
export async function askAs<T>(who: Identity | undefined, path: string, request: Request = {}): Promise<Answer<T>> {
  const until = untilHeLeaves()
  const answer = await renewedAnswer<T>(who, path, { ...request, until })
  return until.aborted ? { kind: 'silence' } : answer
}

async function renewedAnswer<T>(who: Identity | undefined, path: string, request: Request): Promise<Answer<T>> {
  const answer = await ask<T>(path, request)
  if (!who?.person || !isSessionOver(answer) || request.until?.aborted) return answer
  renewing ??= renewSession(who).finally(() => (renewing = undefined))
  const renewed = await renewing
  return renewed.kind === 'ok' ? ask<T>(path, request) : renewed
}

function isSessionOver(answer: Answer<unknown>): boolean {
  return answer.kind === 'problem' && answer.status === 401 && answer.problem.code === 'session_over'
}
