import { beforeEach, describe, expect, it } from 'vitest'
import { change, read } from '../src/local/database'
import type { Identity } from '../src/local/identities'
import { setting } from '../src/local/settings'
import { offerAgain } from '../src/outbox/offering'
import { removeForGood, tryAgain } from '../src/outbox/parking'
import { openActs, photosOf, sentActs, type Photo } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { FakeServer, problem, type Fault } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

let server: FakeServer
let who: Identity
const send = (urged = true) => sendWaiting({ send: server.send }, urged)

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
  server = new FakeServer()
})

describe('a closure with two photos', () => {
  it('sends photos first, each in one request, then the words, and leaves the outbox', async () => {
    const act = await closed(who)
    expect(await send()).toBe('empty')
    expect(server.seen.map(({ method, path }) => `${method} ${path.split('/')[2]}`)).toEqual([
      'POST uploads',
      'POST uploads',
      'PUT cases',
    ])
    expect(await openActs()).toEqual([])
    expect((await sentActs())[0]).toMatchObject({ act_id: act.act_id, told: { verdict: 'done' } })
    expect(server.photos.size).toBe(2)
  })

  it('keeps its photos for a week after, and offers all again when the server was restored', async () => {
    const act = await closed(who)
    await send()
    expect(await read(['slices'], (rows) => rows.count('slices'))).toBe(4)
    server = new FakeServer()
    await offerAgain()
    expect(await send()).toBe('empty')
    expect(server.done).toEqual([act.act_id])
    expect(server.photos.size).toBe(2)
  })

  it('goes on from the offset the server names after a cut', async () => {
    await closed(who, 'c1', 1)
    server.faults = ['cut', 'lost_request']
    expect(await send()).toBe('rest')
    server.seen.length = 0
    expect(await send()).toBe('empty')
    const bytes = server.seen.filter((one) => one.method === 'PATCH').reduce((sum, one) => sum + one.bytes, 0)
    expect(bytes).toBe(150_000)
  })

  it('sends the words ahead when photos do not get through', async () => {
    await closed(who, 'c1', 1)
    server.faults = ['lost_request', 'none', 'lost_request']
    expect(await send()).toBe('rest')
    expect(server.done).toHaveLength(1)
    const [act] = await openActs()
    expect(act!.told?.receipt.photos_missing).toHaveLength(1)
    expect(await send()).toBe('empty')
    expect(server.done).toHaveLength(1)
    expect(server.photos.size).toBe(1)
  })
})

describe('nothing is removed without a typed receipt', () => {
  it.each<Fault>(['portal', 'proxy_error', 'lost_request', 'lost_answer'])('%s on every request', async (fault) => {
    await closed(who)
    server.faults = Array<Fault>(40).fill(fault)
    expect(await send()).toBe('rest')
    expect(await openActs()).toHaveLength(1)
    server.faults = []
    expect(await send()).toBe('empty')
    expect(server.done).toHaveLength(1)
  })

  it('takes no receipt of another act for its own', async () => {
    await closed(who, 'c1', 0)
    server.instead = () =>
      new Response(JSON.stringify({ receipt: { act_id: 'other', case_id: 'c1', photos: {} } }), {
        headers: { 'Content-Type': 'application/json' },
      })
    expect(await send()).toBe('rest')
    expect(await openActs()).toHaveLength(1)
  })

  it('takes no receipt that names other bytes', async () => {
    const act = await closed(who, 'c1', 1)
    server.instead = (method) =>
      method === 'PUT'
        ? new Response(
            JSON.stringify({ receipt: { act_id: act.act_id, case_id: 'c1', photos: { [act.photos[0]!]: 'beef' }, photos_missing: [], photos_refused: {} } }),
            { headers: { 'Content-Type': 'application/json' } },
          )
        : undefined
    expect(await send()).toBe('rest')
    expect(await openActs()).toHaveLength(1)
  })
})

describe('the session', () => {
  it('is renewed by the key in between', async () => {
    await closed(who)
    server.session = false
    expect(await send()).toBe('empty')
    expect(server.seen.filter((one) => one.path === '/api/sessions')).toHaveLength(1)
  })

  it('that the key cannot renew stops the queue and keeps it', async () => {
    await closed(who)
    server.session = false
    server.key_is_good = false
    expect(await send()).toBe('signed_out')
    expect(await openActs()).toHaveLength(1)
    expect(await setting('signed_out')).toBe('device_ended')
    expect(await setting('ended')).toEqual({ as: 'returned' })
  })

  it('of a lost phone wipes it', async () => {
    await closed(who)
    server.instead = () => problem(401, 'device_lost')
    expect(await send()).toBe('wiped')
    expect(await read(['photos', 'outbox', 'identities'], async (rows) => [await rows.count('photos'), await rows.count('outbox'), await rows.count('identities')])).toEqual([0, 0, 0])
    expect(await setting('ended')).toEqual({ as: 'lost' })
  })

  it('a wrong signature is parked and asks for no new session', async () => {
    await closed(who, 'c1', 0)
    server.instead = (method) => (method === 'PUT' ? problem(401, 'signature_wrong') : undefined)
    await send()
    expect((await openActs())[0]).toMatchObject({ state: 'parked', problem: { code: 'signature_wrong' } })
    expect(server.seen.some((one) => one.path === '/api/sessions')).toBe(false)
  })
})

describe('refusals', () => {
  it('park what can never be taken, with the server’s sentence, and go on with the others', async () => {
    const first = await closed(who, 'c1', 0)
    await closed(who, 'c2', 0)
    server.instead = (_method, path) => (path.includes(first.act_id) ? problem(409, 'case_closed', { title: '案件已结案' }) : undefined)
    expect(await send()).toBe('empty')
    const open = await openActs()
    expect(open).toHaveLength(1)
    expect(open[0]).toMatchObject({ act_id: first.act_id, state: 'parked', problem: { title: '案件已结案' } })
    expect(await sentActs()).toHaveLength(1)
  })

  it('that may pass later are tried later, and what follows on the same case waits behind them', async () => {
    const first = await closed(who, 'c1', 0)
    const second = await closed(who, 'c1', 0)
    const other = await closed(who, 'c2', 0)
    server.instead = (_method, path) => (path.includes(first.act_id) ? problem(500, 'internal_error', { retry: true }) : undefined)
    await send(false)
    expect(server.done).toEqual([other.act_id])
    const [waiting] = await openActs()
    expect(waiting).toMatchObject({ state: 'waiting', tries: 1 })
    expect(waiting!.not_before).toBeGreaterThan(Date.now())
    server.instead = undefined
    expect(await send()).toBe('empty')
    expect(server.done).toEqual([other.act_id, first.act_id, second.act_id])
  })

  it('of too many requests rest everything as long as the server says', async () => {
    await closed(who, 'c1', 0)
    server.instead = () => problem(429, 'too_many_requests', { retry: true, after: 120 })
    expect(await send()).toBe('rest')
    expect((await setting('pause'))!.until).toBeGreaterThan(Date.now() + 100_000)
    server.instead = undefined
    expect(await send(false)).toBe('rest')
    expect(await send(true)).toBe('empty')
  })

  it('of a photo leave the words delivered and the item parked for its person', async () => {
    const act = await closed(who, 'c1', 1)
    server.instead = (_method, path) => (path === '/api/uploads' ? problem(422, 'not_a_photo', { title: '不是照片' }) : undefined)
    await send()
    expect(server.done).toEqual([act.act_id])
    const [parked] = await openActs()
    expect(parked).toMatchObject({ state: 'parked', problem: { title: '不是照片' } })
    server.instead = undefined
    await tryAgain(parked!.n!)
    expect(await send()).toBe('empty')
    expect(server.photos.size).toBe(1)
  })

  it('of bytes that were damaged on the phone say so instead of trying for ever', async () => {
    const act = await closed(who, 'c1', 1)
    await change(['slices'], (rows) => rows.put('slices', new ArrayBuffer(256 * 1024), [act.photos[0]!, 0]))
    await send()
    expect((await openActs())[0]).toMatchObject({ state: 'parked', problem: { code: 'photo_damaged_here' } })
  })

  it('an item goes for good only by its person’s hand', async () => {
    const act = await closed(who, 'c1', 2)
    await removeForGood((await openActs())[0]!.n!)
    expect(await openActs()).toEqual([])
    expect(await photosOf(act)).toEqual([])
    expect(await read(['slices'], (rows) => rows.count('slices'))).toBe(0)
  })
})

it('an upload that ended on the server is created again', async () => {
  await closed(who, 'c1', 1)
  server.faults = ['cut', 'lost_request']
  await send()
  server.uploads.clear()
  expect(await send()).toBe('empty')
  expect(server.photos.size).toBe(1)
})

it.each(Array.from({ length: 30 }, (_, seed) => seed + 1))('a poor network loses and doubles nothing (seed %d)', async (seed) => {
  const random = mulberry(seed)
  const acts = []
  for (let n = 0; n < 4; n++) acts.push(await closed(who, `c${n % 2}`, Math.floor(random() * 3), 20_000))
  const kinds: Fault[] = ['none', 'none', 'lost_request', 'lost_answer', 'portal', 'proxy_error', 'cut']
  for (let round = 0; round < 12; round++) {
    server.faults = Array.from({ length: 6 }, () => kinds[Math.floor(random() * kinds.length)]!)
    if (random() < 0.2) server.session = false
    await send()
  }
  server.faults = []
  expect(await send()).toBe('empty')
  expect([...server.done].sort()).toEqual(acts.map((act) => act.act_id).sort())
  const photos = await read(['photos'], (rows) => rows.all<Photo>('photos'))
  expect(photos.every((photo) => server.photos.get(photo.photo_id) === photo.sha256)).toBe(true)
  expect(await sentActs()).toHaveLength(4)
})

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
