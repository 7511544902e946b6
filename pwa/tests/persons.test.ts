import { beforeEach, describe, expect, it } from 'vitest'
import { knownMe } from '../src/api/me'
import { readDraft } from '../src/cases/drafts'
import { readShelf } from '../src/cases/shelf'
import { change } from '../src/local/database'
import { becomeCurrent, leave, type Identity } from '../src/local/identities'
import { remember, setting } from '../src/local/settings'
import { ownActs, sentActs } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { FakeServer } from './fake_server'
import { aCase, aPhoto, closed, emptyPhone, zhang } from './world'

let first: Identity
let second: Identity

beforeEach(async () => {
  await emptyPhone()
  first = await zhang()
  second = { ...first, device_id: 'd2', staff_no: 'WC1002', person: { id: 'p2', name: '刘玉梅', role: 'handler' } }
  await change(['cases'], (rows) => rows.put('cases', aCase()))
  await remember('cursor', { epoch: 'e', seq: 7, roster: 1, until: 0, pulled_at: 1 })
  await closed(first, 'c1', 0)
  await aPhoto('c2')
})

describe('a second person at the same phone', () => {
  it('sees nothing of the first but that something waits', async () => {
    await becomeCurrent(second)
    expect(await readShelf()).toEqual([])
    expect(await setting('cursor')).toBeUndefined()
    expect(await knownMe()).toBeUndefined()
    expect(await ownActs()).toEqual({ acts: [], others: 1, others_going: 0 })
    expect((await readDraft('c2')).photos).toEqual([])
  })

  it('sees as little after the first one signed out', async () => {
    await leave()
    await becomeCurrent(second)
    expect(await readShelf()).toEqual([])
    expect(await ownActs()).toEqual({ acts: [], others: 1, others_going: 0 })
    expect((await readDraft('c2')).photos).toEqual([])
  })

  it('sees nothing of what the first one sent', async () => {
    const server = new FakeServer()
    await sendWaiting({ send: server.send }, true)
    expect(await sentActs()).toHaveLength(1)
    await becomeCurrent(second)
    expect(await sentActs()).toEqual([])
  })
})

describe('the first person, back at his phone', () => {
  it('finds what he had begun and what he had not sent', async () => {
    await becomeCurrent(second)
    await aPhoto('c9')
    await becomeCurrent(first)
    expect((await readDraft('c2')).photos).toHaveLength(1)
    expect((await readDraft('c9')).photos).toEqual([])
    expect((await ownActs()).acts).toHaveLength(1)
  })

  it('keeps his list and his items when his phone is paired anew', async () => {
    await becomeCurrent({ ...first, device_id: 'd3' })
    expect(await readShelf()).toHaveLength(1)
    expect((await ownActs()).acts).toHaveLength(1)
    expect((await readDraft('c2')).photos).toHaveLength(1)
  })
})
