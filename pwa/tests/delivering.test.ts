import { beforeEach, describe, expect, it } from 'vitest'
import { becomeCurrent, keepIdentity, leave, type Identity } from '../src/local/identities'
import { setting } from '../src/local/settings'
import { openActs, ownActs } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { FakeServer, problem } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

const LIU = { id: 'p2', name: '刘玉梅', role: 'handler' }

let server: FakeServer
let zhang_here: Identity
let liu_here: Identity
const send = () => sendWaiting({ send: server.send }, true)
const asked = () => server.seen.map(({ method, path }) => `${method} ${path.split('/')[2]}`)

beforeEach(async () => {
  await emptyPhone()
  server = new FakeServer()
  zhang_here = { ...(await zhang()), post: { id: 'o1', name: '东关环卫岗' } }
  liu_here = { ...zhang_here, staff_no: 'WC1002', person: LIU }
  await becomeCurrent(zhang_here)
})

describe("a post's phone", () => {
  it('sends each item in the name of who did it, whoever is signed in', async () => {
    const first = await closed(zhang_here, 'c1', 1)
    await becomeCurrent(liu_here)
    const second = await closed(liu_here, 'c2', 0)
    const third = await closed(liu_here, 'c3', 0)
    expect(await ownActs()).toMatchObject({ others: 1, others_going: 1 })
    expect(await send()).toBe('empty')
    expect(Object.fromEntries(server.authors)).toEqual({ [first.act_id]: 'p1', [second.act_id]: 'p2', [third.act_id]: 'p2' })
    expect(asked()).toEqual(['POST sessions', 'POST uploads', 'PUT cases', 'POST sessions', 'PUT cases', 'PUT cases'])
    expect(await openActs()).toEqual([])
  })

  it('sends with nobody signed in', async () => {
    const act = await closed(zhang_here, 'c1', 1)
    await leave()
    expect(await send()).toBe('empty')
    expect(server.authors.get(act.act_id)).toBe('p1')
  })

  it('keeps the items of who is let in no more, and sends the others', async () => {
    await closed(zhang_here, 'c1', 0)
    await closed(zhang_here, 'c4', 0)
    server.refuses.set('p1', 'sign_in_failed')
    await becomeCurrent(liu_here)
    const second = await closed(liu_here, 'c2', 0)
    expect(await send()).toBe('empty')
    expect([...server.authors.keys()]).toEqual([second.act_id])
    expect(asked().filter((one) => one === 'POST sessions')).toHaveLength(2)
    expect(await openActs()).toMatchObject([{ person_id: 'p1', state: 'waiting', tries: 1 }, { state: 'waiting' }])
  })

  it('takes another token where the first one is over, once', async () => {
    const act = await closed(zhang_here, 'c1', 0)
    let over = 1
    server.instead = (method) => (method === 'PUT' && over-- > 0 ? problem(401, 'session_over') : undefined)
    expect(await send()).toBe('empty')
    expect(server.done).toEqual([act.act_id])
    await closed(zhang_here, 'c2', 0)
    over = Infinity
    expect(await send()).toBe('empty')
    expect(await openActs()).toMatchObject([{ case_id: 'c2', state: 'waiting', tries: 1 }])
  })

  it('stops and keeps all when the phone has ended', async () => {
    await closed(zhang_here, 'c1', 0)
    server.key_is_good = false
    expect(await send()).toBe('signed_out')
    expect(await setting('signed_out')).toBe('device_ended')
    expect(await setting('ended')).toEqual({ as: 'returned' })
    expect(await openActs()).toHaveLength(1)
  })
})

describe('a phone that was bound anew', () => {
  it('still sends what its earlier key signed', async () => {
    const own = { ...zhang_here, device_id: 'd8' }
    delete own.post
    await becomeCurrent(own)
    const before = await closed(own, 'c1', 0)
    await becomeCurrent({ ...own, device_id: 'd9' })
    const after = await closed({ ...own, device_id: 'd9' }, 'c2', 0)
    expect(await send()).toBe('empty')
    expect(Object.fromEntries(server.authors)).toEqual({ [before.act_id]: 'p1', [after.act_id]: 'cookie' })
  })

  it('parks what the earlier key signed where that has ended, and goes on', async () => {
    const old = { ...zhang_here, device_id: 'd8' }
    delete old.post
    await keepIdentity(old)
    await closed(old, 'c1', 0)
    const own = { ...old, device_id: 'd9' }
    await becomeCurrent(own)
    const after = await closed(own, 'c2', 0)
    server.refuses.set('p1', 'device_lost')
    expect(await send()).toBe('empty')
    expect([...server.authors.keys()]).toEqual([after.act_id])
    expect(await openActs()).toMatchObject([{ case_id: 'c1', state: 'parked', problem: { code: 'device_lost' } }])
  })
})
