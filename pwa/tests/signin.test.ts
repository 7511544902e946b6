import { describe, expect, it } from 'vitest'
import { endingIn } from '../src/api/ending'
import type { Identity } from '../src/local/identities'
import { doorOf } from '../src/signin/door'
import { readLink } from '../src/signin/links'
import { shownPeople, typed } from '../src/signin/people'

const HOME = 'https://moshao.test'
const here = { device_id: 'd1', staff_no: 'WC1', person: { id: 'p1', name: '张建国', role: 'handler' } } as Identity
const nothing = { here: undefined, signed_out: undefined, ended: undefined, post: undefined }

describe('the door', () => {
  it.each([
    ['signin', nothing, 'cases'],
    ['inside', { ...nothing, here }, 'cases'],
    ['signin', { ...nothing, here, signed_out: 'session_over' }, 'cases'],
    ['signin', { ...nothing, here }, 'pair'],
    ['persons', { ...nothing, post: here }, 'cases'],
    ['persons', { ...nothing, here, post: here, signed_out: 'pin_needed' }, 'me'],
    ['ended', { ...nothing, here, ended: { as: 'replaced' as const } }, 'cases'],
    ['inside', { ...nothing, here, ended: { as: 'replaced' as const } }, 'outbox'],
    ['ended', { ...nothing, ended: { as: 'lost' as const } }, 'outbox'],
    ['signin', { ...nothing, ended: { as: 'lost' as const } }, 'pair'],
  ])('is %s', (door, standing, page) => {
    expect(doorOf(standing, page)).toBe(door)
  })
})

describe('a pairing link', () => {
  it('says who and by which code, and whose phone it becomes', () => {
    const text = `${HOME}/#/pair?staff_no=CL0001&code=X1FA0-FFAZH&post=%E4%B8%9C%E5%85%B3`
    expect(readLink(text, HOME)).toEqual({ staff_no: 'CL0001', code: 'X1FA0-FFAZH', post: '东关' })
  })

  it('of another address is not ours to use', () => {
    expect(readLink('https://other.test/#/pair?staff_no=1&code=2', HOME)).toBe('elsewhere')
  })

  it.each(['', 'hello', HOME, `${HOME}/#/pair`, `${HOME}/#/pair?staff_no=1`, `${HOME}/#/c/1?staff_no=1&code=2`])('is not "%s"', (text) => {
    expect(readLink(text, HOME)).toBeUndefined()
  })
})

describe('an ending', () => {
  const refusal = (code: string, detail?: string) => ({ code, title: '', status: 401, retry: false, detail })

  it('is what the refusal says', () => {
    expect(endingIn(refusal('device_lost'))).toEqual({ as: 'lost' })
    expect(endingIn(refusal('device_ended', 'returned'))).toEqual({ as: 'returned' })
    expect(endingIn(refusal('device_ended', 'replaced'))).toEqual({ as: 'over' })
    expect(endingIn(refusal('device_replaced', '2026-12-07T08:00:00Z'))).toEqual({ as: 'replaced', until: '2026-12-07T08:00:00Z' })
    expect(endingIn(refusal('session_over'))).toBeUndefined()
  })
})

describe('a PIN', () => {
  it('takes four to eight digits and nothing else', () => {
    expect('12a3'.split('').reduce(typed, '')).toBe('123')
    expect('123456789'.split('').reduce(typed, '')).toBe('12345678')
    expect(typed('12', 'Backspace')).toBe('1')
    expect(typed('', 'Backspace')).toBe('')
  })
})

describe("a post's people", () => {
  it('are those it serves, or who was there last before the first list came', () => {
    expect(shownPeople(here)).toMatchObject([{ name: '张建国', staff_no: 'WC1' }])
    expect(shownPeople({ ...here, people: [{ id: 'p2', name: '刘', staff_no: 'WC2', has_pin: true }] })).toHaveLength(1)
  })
})
