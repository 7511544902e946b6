import { beforeEach, describe, expect, it } from 'vitest'
import { change, read } from '../src/local/database'
import { becomeCurrent, leave, type Identity } from '../src/local/identities'
import { setting } from '../src/local/settings'
import { openActs, photosOf, sentActs } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { sendUnseen } from '../src/outbox/sending_unseen'
import { FakeServer, problem, type Fault } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

let server: FakeServer
let who: Identity
const unseen = () => sendUnseen(server.send)
const asked = () => server.seen.map(({ method, path }) => `${method} ${path.split('/')[2]}`)

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
  server = new FakeServer()
})

describe('with no page open', () => {
  it('asks for nothing while nothing waits', async () => {
    expect(await unseen()).toBe(true)
    expect(asked()).toEqual([])
  })

  it('goes on once the page that was sending has ended, whatever became of its last try', async () => {
    const act = await closed(who, 'c1', 1)
    let hangUp = () => {}
    const line = new Promise<void>((resolve) => (hangUp = resolve))
    const cut = () => line.then(() => Promise.reject(new TypeError('closed')))
    const leaving = sendWaiting({ send: cut }, true)
    const sent = unseen()
    await setting('pause')
    expect(server.seen).toEqual([])
    hangUp()
    expect(await leaving).toBe('rest')
    expect(await sent).toBe(true)
    expect(server.done).toEqual([act.act_id])
  })

  it('brings photos and words, and leaves it to a page to let them go, which asks for nothing again', async () => {
    const act = await closed(who)
    expect(await unseen()).toBe(true)
    expect(asked()).toEqual(['GET me', 'POST uploads', 'POST uploads', 'PUT cases'])
    expect(server.done).toEqual([act.act_id])
    expect(await openActs()).toMatchObject([{ act_id: act.act_id, told: { verdict: 'done' } }])
    server.seen.length = 0
    expect(await unseen()).toBe(true)
    expect(asked()).toEqual(['GET me'])
    server.seen.length = 0
    expect(await sendWaiting({ send: server.send }, true)).toBe('empty')
    expect(server.seen).toEqual([])
    expect(await sentActs()).toMatchObject([{ act_id: act.act_id }])
  })

  it('goes on with the part of a photo that arrived', async () => {
    await closed(who, 'c1', 1)
    server.faults = ['none', 'cut']
    expect(await unseen()).toBe(false)
    server.seen.length = 0
    expect(await unseen()).toBe(true)
    expect(asked()).toEqual(['GET me', 'POST uploads', 'PATCH uploads'])
    expect(server.seen.at(-1)).toMatchObject({ bytes: 150_000 })
    expect(server.photos.size).toBe(1)
  })

  it.each<Fault>(['portal', 'proxy_error', 'lost_request', 'lost_answer'])('takes %s for no word of the server', async (fault) => {
    const act = await closed(who)
    // At the door, before the first photo, before the second, before the words.
    for (const n of [0, 1, 2, 2, 1]) {
      server.faults = [...Array<Fault>(n).fill('none'), ...Array<Fault>(20).fill(fault)]
      expect(await unseen()).toBe(false)
    }
    expect(await openActs()).toMatchObject([{ act_id: act.act_id, state: 'waiting' }])
    server.faults = []
    expect(await unseen()).toBe(true)
    expect(server.done).toEqual([act.act_id])
  })

  it('believes no receipt that names another photo', async () => {
    await closed(who, 'c1', 1)
    server.instead = (method) =>
      method === 'PUT' ? Response.json({ verdict: 'done', receipt: { act_id: 'other', case_id: 'c1', photos: {} } }) : undefined
    expect(await unseen()).toBe(false)
    expect((await openActs())[0]!.told).toBeUndefined()
  })

  it('renews the session by the key, and wipes a phone that was lost', async () => {
    await closed(who, 'c1', 1)
    server.session = false
    expect(await unseen()).toBe(true)
    expect(asked().slice(0, 2)).toEqual(['GET me', 'POST sessions'])
    server.session = false
    server.instead = (_method, path) => (path === '/api/sessions' ? problem(401, 'device_lost') : undefined)
    expect(await unseen()).toBe(true)
    expect(await read(['identities'], (rows) => rows.count('identities'))).toBe(0)
    expect(await setting('ended')).toEqual({ as: 'lost' })
  })

  it('parks nothing: what the server refuses waits for a page to show it', async () => {
    await closed(who, 'c1', 0)
    server.instead = (method) => (method === 'PUT' ? problem(409, 'wrong_state') : undefined)
    expect(await unseen()).toBe(false)
    expect(await openActs()).toMatchObject([{ state: 'waiting', tries: 0 }])
  })

  it('holds up what was done later on the same case', async () => {
    await closed(who, 'c1', 0)
    await closed(who, 'c1', 0)
    const third = await closed(who, 'c2', 0)
    let first = true
    server.instead = (method) => {
      const refuses = method === 'PUT' && first
      first &&= method !== 'PUT'
      return refuses ? problem(500, 'broken') : undefined
    }
    expect(await unseen()).toBe(false)
    expect(server.done).toEqual([third.act_id])
  })

  it('leaves the items of others, of a post’s phone, and of nobody', async () => {
    await closed(who, 'c1', 1)
    await change(['identities'], (rows) => rows.put('identities', { ...who, post: { id: 'o1', name: '东关环卫岗' } }))
    expect(await unseen()).toBe(false)
    await becomeCurrent({ ...who, device_id: 'd2', person: { id: 'p2', name: '刘玉梅', role: 'handler' } })
    expect(await unseen()).toBe(false)
    await leave()
    expect(await unseen()).toBe(false)
    expect(asked()).toEqual([])
    expect(await photosOf((await openActs())[0]!)).toMatchObject([{ held: false }])
  })
})
