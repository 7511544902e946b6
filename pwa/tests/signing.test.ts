import { describe, expect, it } from 'vitest'
import { newDeviceKey, signAct, signProof } from '../src/api/signing'

const act = { act: 'closures', act_id: 'a1', case_id: 'c1', body: { outcome: 'fixed', n: 8.0 } }

describe('Act-Signature', () => {
  it('is a detached ES256 JWS over the canonical act, named by the device', async () => {
    const { private_key, public_key } = await newDeviceKey()
    const [header, empty, signature] = (await signAct(private_key, 'd1', act)).split('.')
    expect(empty).toBe('')
    expect(JSON.parse(text(header!))).toEqual({ alg: 'ES256', kid: 'd1' })
    const payload = '{"act":"closures","act_id":"a1","body":{"n":8,"outcome":"fixed"},"case_id":"c1"}'
    expect(await verify(public_key, `${header}.${url(payload)}`, signature!)).toBe(true)
    expect(await verify(public_key, `${header}.${url(payload.replace('fixed', 'fixes'))}`, signature!)).toBe(false)
  })

  it('keeps null as null for acts without a case', async () => {
    const { private_key, public_key } = await newDeviceKey()
    const [header, , signature] = (await signAct(private_key, 'd1', { ...act, case_id: null, body: {} })).split('.')
    const payload = '{"act":"closures","act_id":"a1","body":{},"case_id":null}'
    expect(await verify(public_key, `${header}.${url(payload)}`, signature!)).toBe(true)
  })

  it('makes keys that cannot be read out', async () => {
    const { private_key, public_key } = await newDeviceKey()
    expect(private_key.extractable).toBe(false)
    expect(Object.keys(public_key).sort()).toEqual(['crv', 'kty', 'x', 'y'])
  })

  it('proves a phone with its payload inside', async () => {
    const { private_key } = await newDeviceKey()
    const [, payload] = (await signProof(private_key, 'd1', { aud: 'https://a', iat: 1 })).split('.')
    expect(JSON.parse(text(payload!))).toEqual({ aud: 'https://a', iat: 1 })
  })
})

async function verify(jwk: JsonWebKey, input: string, signature: string): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), Buffer.from(input))
}

function text(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

function url(value: string): string {
  return Buffer.from(value).toString('base64url')
}
