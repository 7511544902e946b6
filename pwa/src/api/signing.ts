import { base64url, utf8 } from '../local/bytes'
import { canonical } from './jcs'

export interface Signable {
  /** the URL word, as `closures` */
  act: string
  act_id: string
  /** null for reports and registrations */
  case_id: string | null
  body: Record<string, unknown>
}

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' }

/** Detached JWS `header..signature` (RFC 7515 appendix F) by the phone's key. */
export async function signAct(key: CryptoKey, device_id: string, act: Signable): Promise<string> {
  const { act: word, act_id, case_id, body } = act
  const [header, , signature] = (await compact(key, device_id, canonical({ act: word, act_id, case_id, body }))).split('.')
  return `${header}..${signature}`
}

/** Compact JWS over `claims`, with which a bound phone renews its session by itself. */
export function signProof(key: CryptoKey, device_id: string, claims: Record<string, unknown>): Promise<string> {
  return compact(key, device_id, JSON.stringify(claims))
}

/** A key whose private half no program can read out, not even this one. */
export async function newDeviceKey(): Promise<{ private_key: CryptoKey; public_key: JsonWebKey }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { private_key: pair.privateKey, public_key: { kty: kty!, crv: crv!, x: x!, y: y! } }
}

async function compact(key: CryptoKey, device_id: string, payload: string): Promise<string> {
  const header = JSON.stringify({ alg: 'ES256', kid: device_id })
  const input = `${base64url(utf8(header))}.${base64url(utf8(payload))}`
  // WebCrypto answers r ‖ s, which is the form JWS wants (RFC 7518 §3.4).
  const signature = new Uint8Array(await crypto.subtle.sign(ECDSA, key, utf8(input)))
  return `${input}.${base64url(signature)}`
}
