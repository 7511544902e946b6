import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askAs } from '../src/api/renewing'
import { beginStay } from '../src/api/stay'
import type { Me } from '../src/api/types'
import { change, read } from '../src/local/database'
import { becomeCurrent, leave, type Identity } from '../src/local/identities'
import { remember, setting } from '../src/local/settings'
import { sendWaiting } from '../src/outbox/sending'
import { sessionEnded, signOut } from '../src/signin/leaving'
import { enter } from '../src/signin/pairing'
import { pullChanges } from '../src/sync/pulling'
import { tellUnsent } from '../src/outbox/telling'
import { FakeServer, json, problem } from './fake_server'
import { aCase, closed, emptyPhone, zhang } from './world'

let first: Identity
let second: Identity
/** requests by their path, answered when the test says so */
let asked: { path: string; method: string; is_aborted: () => boolean; answer: (response: Response) => void }[]

beforeEach(async () => {
  await emptyPhone()
  first = await zhang()
  second = { ...first, device_id: 'd2', staff_no: 'WC1002', person: { id: 'p2', name: '刘玉梅', role: 'handler' } }
  asked = []
  beginStay()
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const { signal, method = 'GET' } = init
    return new Promise<Response>((answer, reject) => {
      signal!.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      asked.push({ path, method, is_aborted: () => signal!.aborted, answer })
    })
  })
})
afterEach(() => vi.unstubAllGlobals())

const empty = { gone: [], nearby: [], epoch: 'e', seq: 7, roster: 1, until: 0, more: false }
const page = () => json(200, { ...empty, cases: [aCase()] })
const cases = () => read(['cases'], (rows) => rows.count('cases'))

it('ends what was asked for him before it ends his session', async () => {
  const pulled = pullChanges()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  const left = signOut()
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  expect(asked[0]!.is_aborted()).toBe(true)
  expect(asked[1]).toMatchObject({ method: 'DELETE', path: '/api/sessions/current' })
  expect(await pulled).toBe('left')
  expect(await setting('current')).toBeUndefined()
  expect(await setting('signed_out')).toBeUndefined()
  asked[1]!.answer(new Response(null, { status: 204 }))
  await left
})

it('says nothing of what waits here behind his leaving', async () => {
  void tellUnsent()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(asked[0]!.path).toBe('/api/devices/current/report')
  const left = signOut()
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  expect(asked[0]!.is_aborted()).toBe(true)
  await tellUnsent()
  expect(asked).toHaveLength(2)
  asked[1]!.answer(new Response(null, { status: 204 }))
  await left
})

it('never gives the next one the list of the one before', async () => {
  const pulled = pullChanges()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await leave()
  await becomeCurrent(second)
  asked[0]!.answer(page())
  expect(await pulled).toBe('left')
  expect(await cases()).toBe(0)
  expect(await setting('cursor')).toBeUndefined()
})

it('reads all again where rows were taken away meanwhile', async () => {
  await change(['cases'], (rows) => rows.put('cases', aCase()))
  await remember('cursor', { epoch: 'e', seq: 6, roster: 1, until: 0, pulled_at: 1, kept: 1 })
  await remember('me', { person: first.person } as Me)
  const pulled = pullChanges()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(asked[0]!.path).toContain('after=6')
  await change(['cases'], (rows) => rows.clear('cases'))
  asked[0]!.answer(json(200, { ...empty, cases: [] }))
  await vi.waitFor(() => expect(asked.map((one) => one.path)).toContain('/api/changes?after=0'))
  asked.find((one) => one.path.endsWith('after=0'))!.answer(page())
  expect(await pulled).toBe('fresh')
  expect(await cases()).toBe(1)
})

it('says nothing of a session that is over to somebody else', async () => {
  const pulled = pullChanges()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await leave()
  asked[0]!.answer(problem(403, 'device_replaced'))
  expect(await pulled).toBe('left')
  expect(await setting('ended')).toBeUndefined()
})

it('lets the next one in once the session before has ended', async () => {
  void signOut()
  const entered = enter(second, { staff_no: 'WC1002', pin: '2468' })
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(asked[0]!.method).toBe('DELETE')
  asked[0]!.answer(new Response(null, { status: 204 }))
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  asked[1]!.answer(json(201, { person: second.person, base_url: second.base_url }))
  expect(await entered).toBeUndefined()
})

it('asks for nothing between two persons', async () => {
  const left = signOut()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(await askAs(undefined, '/api/alerts')).toEqual({ kind: 'silence' })
  asked[0]!.answer(new Response(null, { status: 204 }))
  await left
  expect(asked).toHaveLength(1)
  await sessionEnded()
  void askAs(second, '/api/alerts')
  await vi.waitFor(() => expect(asked).toHaveLength(2))
})

it('opens no other session for him while it still sends', async () => {
  const server = new FakeServer()
  await closed(first, 'c1', 0)
  server.session = false
  const send: typeof server.send = async (path, init) => {
    const answer = await server.send(path, init)
    await leave()
    return answer
  }
  expect(await sendWaiting({ send }, true)).toBe('signed_out')
  expect(server.session).toBe(false)
  expect(await setting('signed_out')).toBeUndefined()
})
