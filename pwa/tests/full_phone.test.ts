import { beforeEach, describe, expect, it } from 'vitest'
import { read } from '../src/local/database'
import type { Identity } from '../src/local/identities'
import { makingRoom } from '../src/outbox/room'
import { openActs, sentActs } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { FakeServer } from './fake_server'
import { closed, emptyPhone, zhang } from './world'

let who: Identity

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
  const server = new FakeServer()
  for (const case_id of ['c1', 'c2']) {
    await closed(who, case_id, 1)
    await sendWaiting({ send: server.send }, true)
  }
  await closed(who, 'c3', 2)
})

describe('a phone that is full', () => {
  it('lets go of the photos that were sent first, and keeps what is new', async () => {
    const [newest, oldest] = await sentActs()
    expect(await makingRoom(fullUntil(3))).toBe('kept')
    expect(await photosHere()).toEqual(expect.arrayContaining(newest!.photos))
    expect(await photosHere()).not.toEqual(expect.arrayContaining(oldest!.photos))
  })

  it('says so when nothing is left that the server has too, and keeps all that waits', async () => {
    const [waiting] = await openActs()
    await expect(makingRoom(fullUntil(0))).rejects.toThrow('full')
    expect(await photosHere()).toEqual([...waiting!.photos].sort())
    expect(await sentActs()).toHaveLength(2)
  })

  it('lets go of nothing for another failure', async () => {
    await expect(makingRoom(() => Promise.reject(new DOMException('gone', 'UnknownError')))).rejects.toThrow('gone')
    expect(await photosHere()).toHaveLength(4)
  })
})

/** As the browser refuses while more than so many photos lie here. */
function fullUntil(most: number): () => Promise<string> {
  return async () => {
    if ((await photosHere()).length > most) throw new DOMException('full', 'QuotaExceededError')
    return 'kept'
  }
}

async function photosHere(): Promise<IDBValidKey[]> {
  return (await read(['photos'], (rows) => rows.keys('photos'))).sort()
}
