// When sending rests, and what does not make it rest.
import { beforeEach, describe, expect, it } from 'vitest'
import { change } from '../src/local/database'
import type { Identity } from '../src/local/identities'
import { remember, setting } from '../src/local/settings'
import { LONGEST_REST_MS } from '../src/outbox/deciding'
import { openActs, sentActs, type Act } from '../src/outbox/rows'
import { rest, sendWaiting } from '../src/outbox/sending'
import { FakeServer, json } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

const DAYS_MS = 86_400_000

let server: FakeServer
let who: Identity
const send = (urged = true) => sendWaiting({ send: server.send }, urged)

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
  server = new FakeServer()
})

describe('a clock that was set back in a rest', () => {
  it('by days does not make the queue rest for days', async () => {
    await closed(who, 'c1', 0)
    await remember('pause', { until: Date.now() + 3 * DAYS_MS, tries: 4 })
    expect(await rest()).toBeUndefined()
    expect(await send(false)).toBe('empty')
    expect(server.done).toHaveLength(1)
  })

  it('does not put one item off for days', async () => {
    await closed(who, 'c1', 0)
    const [act] = await openActs()
    await change(['outbox'], (rows) => rows.put('outbox', { ...act, not_before: Date.now() + 3 * DAYS_MS }))
    expect(await send(false)).toBe('empty')
    expect(server.done).toHaveLength(1)
  })

  it('leaves a rest of a quarter of an hour alone', async () => {
    await remember('pause', { until: Date.now() + LONGEST_REST_MS - 1_000, tries: 4 })
    expect(await rest()).toMatchObject({ portal: false })
  })
})

describe('an item that brings nothing but silence', () => {
  it('does not hold up the others while the server is there', async () => {
    const swallowed = await closed(who, 'c1', 1)
    const other = await closed(who, 'c2', 1)
    server.instead = (_method, path) => {
      if (path === '/version') return json(200, { version: '1' })
      if (path.includes(swallowed.act_id) || path.includes(swallowed.photos[0]!)) throw new TypeError('failed')
      return undefined
    }
    await swallowPhoto(swallowed)
    expect(await send()).toBe('empty')
    expect(server.done).toEqual([other.act_id])
    const [waiting] = await openActs()
    expect(waiting).toMatchObject({ act_id: swallowed.act_id, state: 'waiting', tries: 1 })
  })

  it('makes all rest when the server is silent as well', async () => {
    await closed(who, 'c1', 0)
    await closed(who, 'c2', 0)
    server.instead = () => {
      throw new TypeError('failed')
    }
    expect(await send()).toBe('rest')
    expect((await openActs()).map((act) => act.tries)).toEqual([0, 0])
  })
})

it('knows a network that wants a sign-in of its own', async () => {
  await closed(who, 'c1', 1)
  server.faults = Array(9).fill('portal')
  expect(await send()).toBe('rest')
  expect(await rest()).toMatchObject({ portal: true })
  server.faults = []
  expect(await send()).toBe('empty')
  expect(await setting('pause')).toBeUndefined()
  expect(await sentActs()).toHaveLength(1)
})

/** Created, as on a phone that had got so far: its path then names the photo. */
async function swallowPhoto(act: Act): Promise<void> {
  await change(['photos'], async (rows) => {
    const photo = await rows.get<object>('photos', act.photos[0]!)
    await rows.put('photos', { ...photo, location: `/api/uploads/${act.photos[0]}` })
  })
}
