import { describe, expect, it } from 'vitest'
import { handedBackBecause, openRequest } from '../src/leading/requests'
import { clockOf, secondsLeft } from '../src/leading/phones'
import { endOfToday } from '../src/leading/standing_in'
import { crewFrom, inOrder } from '../src/leading/workers'
import { aCase } from './world'

const NOW = Date.parse('2026-11-23T10:00:00+08:00')
const UNIT = { id: 'u1', name: '东关街道' }

function person(id: string, given = {}) {
  return { id, unit: UNIT, staff_no: id, name: id, role: 'handler' as const, phone: null, active: true, ...given }
}

function duty(id: string, grids = ['*']) {
  return { duty_id: `y-${id}`, unit_id: 'u1', post_id: null, person: { id, name: id }, level: 0, grids, classes: ['*'], stands_in_for: null }
}

function device(id: string, given = {}) {
  return {
    id, person: null, post_id: null, name: id, platform: '', state: 'active' as const, paired_at: '', ended_at: null, unsent: 0,
    oldest_unsent_at: null, app_version: null, seen_at: null, findings: [], checked_at: null, ...given,
  }
}

function absence(id: string, from: string, until: string) {
  return { id: `a-${id}`, person: { id, name: id }, from_at: from, until_at: until, kind: 'rest', stand_in: { id: 'liu', name: 'liu' }, hand_over: true, handed_over_at: null }
}

const away = absence('wang', '2026-11-23T00:00:00+08:00', '2026-11-24T00:00:00+08:00')
const tomorrow = absence('liu', '2026-11-24T00:00:00+08:00', '2026-11-25T00:00:00+08:00')
const post = { id: 'o1', unit_id: 'u1', name: '东关岗', shared: true }
const crew = crewFrom(
  [person('zhang'), person('liu'), person('wang'), person('li', { role: 'inspector' }), person('gone', { active: false })],
  [duty('zhang'), duty('liu', ['411302001000'])],
  [away, tomorrow],
  [device('d1', { person: { id: 'zhang', name: 'zhang' }, unsent: 3 }), device('d2', { person: { id: 'zhang', name: 'zhang' }, state: 'lost' }), device('d3', { post_id: 'o1' })],
  [post, { ...post, id: 'o2', shared: false }],
  NOW,
)

describe('a crew', () => {
  it('is who works in the field, with duty, absence and the phones that still count', () => {
    expect(crew.workers.map(({ id, on_duty, away, phones }) => [id, on_duty, away?.stand_in, phones.length])).toEqual([
      ['zhang', true, undefined, 1], ['liu', true, undefined, 0], ['wang', false, 'liu', 0],
    ])
    expect(crew.posts).toMatchObject([{ id: 'o1', phones: [{ id: 'd3' }] }])
  })

  it('offers who is there, then whose grid it is, then who has the least in hand, and the absent last', () => {
    const given = aCase({ id: 'new', grid_code: '411302001003007' })
    const busy = aCase({ id: 'c9', state: 'assigned', handler: { id: 'liu', name: 'liu' }, location: { type: 'Point', coordinates: [112.5414, 33.0076] } })
    const offered = inOrder(crew.workers, 'u1', [busy], given)
    expect(offered.map(({ worker, load, answers }) => [worker.id, load, answers])).toEqual([['liu', 1, true], ['zhang', 0, false], ['wang', 0, false]])
    expect(offered[0]!.near_m).toBeGreaterThan(900)
    expect(offered[0]!.near_m).toBeLessThan(1100)
    expect(offered[1]!.near_m).toBeUndefined()
  })
})

describe('today', () => {
  it.each([
    ['2026-11-23T10:00:00+08:00', '2026-11-24T00:00:00+08:00'],
    ['2026-11-23T19:59:00+08:00', '2026-11-24T00:00:00+08:00'],
    ['2026-11-23T20:00:00+08:00', '2026-11-24T08:00:00+08:00'],
    ['2026-11-23T00:30:00+08:00', '2026-11-24T00:00:00+08:00'],
  ])('that began at %s ends at %s', (now, end) => {
    expect(endOfToday(Date.parse(now))).toBe(Date.parse(end))
  })
})

describe('what a leader is asked', () => {
  const request = { id: 'r1', kind: 'extension', state: 'open', by: { id: 'p1', name: '老张' }, reason: '等材料', detail: {}, until: null, reply_by: null, asked_at: '', decided_at: null, decided_by: null, decision_reason: null }

  it('is what nobody has passed on yet', () => {
    expect(openRequest(aCase({ requests: [request] }))?.id).toBe('r1')
    expect(openRequest(aCase({ requests: [{ ...request, state: 'forwarded' }] }))).toBeUndefined()
    expect(openRequest(aCase({ requests: [{ ...request, kind: 'appeal' }] }))).toBeUndefined()
  })

  it('says why a case came back, until somebody has it again', () => {
    const line = (kind: string, note: string | null) => ({ seq: 1, kind, at: '', done_at: null, by: { id: 'p1', name: '老张' }, round: 1, note, facts: {} })
    const journal = [line('assigned', null), line('handed_back', '不在责任区')] as ReturnType<typeof aCase>['journal']
    expect(handedBackBecause(aCase({ journal }))).toBe('老张: 不在责任区')
    expect(handedBackBecause(aCase({ journal: [...journal, line('assigned', null)] as typeof journal }))).toBe('')
  })
})

describe('a code', () => {
  it('counts down to nothing', () => {
    expect(secondsLeft('2026-11-23T10:10:00+08:00', NOW)).toBe(600)
    expect(secondsLeft('2026-11-23T09:10:00+08:00', NOW)).toBe(0)
    expect([clockOf(600), clockOf(65), clockOf(5)]).toEqual(['10:00', '1:05', '0:05'])
  })
})
