import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import type { BoardRow, Case } from '../src/api/types'
import { channelsIn, chosenIn, countsBy, EVERYTHING, failingIn, fateWords, kindWords, queryOf as deliveriesQuery, whyWords, type DeliveryCount } from '../src/desk/bell/asking'
import { calls, readCalls, tellCalled, trouble } from '../src/desk/bell/calling'
import { filtersIn, inOrder, matches, NO_FILTERS, queryOf } from '../src/desk/board/filters'
import { asksOf, bodyOf, isAnswered } from '../src/desk/case/asking'
import { mayDo } from '../src/desk/case/may'
import { queryOf as figuresQuery, shownIn } from '../src/desk/figures/asking'
import { daysBack, periodOf, shorthandOf } from '../src/desk/figures/periods'
import { hearing, scopes } from '../src/desk/shell/keys'
import { lateOf, orderedOf, points, ranked, weekSoFar, type FigureRow } from '../src/desk/today/today'
import { me } from '../src/desk/shell/session'
import { desk_zh } from '../src/words/desk_zh'
import { first_zh } from '../src/words/first_zh'
import { speak } from '../src/words/words'
import { zh } from '../src/words/zh'

const NOW = Date.parse('2026-11-23T10:00:00+08:00')
const UNIT = { id: 'u1', name: '环卫处' }

function standing(state: string, more: Partial<Case> = {}): Case {
  return { state, lead_case_id: null, journal: [], unit: null, ...more } as unknown as Case
}

function row(id: string, more: Partial<BoardRow> = {}): BoardRow {
  return {
    id, case_no: id, state: 'in_progress', flags: [], urgency: 'normal', kind: 'matter', major: '06', minor: '010', minor_name: '暴露垃圾',
    title: null, address: null, description: null, grid_code: null, unit: UNIT, handler: null, source_name: null,
    deadline: '2026-11-23T12:00:00+08:00', clock: { state: 'running' }, ended_at: null, asked: [], ...more,
  } as unknown as BoardRow
}

describe('what a desk may do', () => {
  it('follows role and state', () => {
    expect(mayDo(standing('in_progress'), 'supervisor')).toEqual(['urgings', 'supervisions', 'dispatches', 'revocations', 'cancellations'])
    expect(mayDo(standing('in_progress'), 'leader')).toEqual(['supervisions'])
    expect(mayDo(standing('in_progress'), 'unit_operator')).toEqual(['assignments', 'revocations'])
    expect(mayDo(standing('closed'), 'supervisor')).toEqual(['reopenings'])
    expect(mayDo(standing('cancelled'), 'supervisor')).toEqual([])
  })

  it('leaves a merged case to its lead', () => {
    expect(mayDo(standing('in_progress', { lead_case_id: 'x' }), 'supervisor')).toEqual(['cancellations'])
  })

  it('signs once for each dispatch', () => {
    const lines = (...kinds: string[]) => ({ journal: kinds.map((kind) => ({ kind })) }) as unknown as Partial<Case>
    expect(mayDo(standing('dispatched', lines('dispatched')), 'unit_operator')).toContain('signings')
    expect(mayDo(standing('dispatched', lines('dispatched', 'signed', 'revoked')), 'unit_operator')).not.toContain('signings')
    expect(mayDo(standing('dispatched', lines('dispatched', 'signed', 'dispatched')), 'unit_operator')).toContain('signings')
  })
})

describe('what an act asks for', () => {
  it('a reason where another unit has the case already', () => {
    const first = asksOf('dispatches', standing('received'))
    const again = asksOf('dispatches', standing('dispatched', { unit: UNIT as Case['unit'] }))
    const answers = { words: ' ', whom: 'u2', reply_hours: 4 }
    expect(isAnswered(first, answers)).toBe(true)
    expect(isAnswered(again, answers)).toBe(false)
    expect(bodyOf(first, answers)).toEqual({ unit_id: 'u2' })
    expect(bodyOf(again, { ...answers, words: ' 不归他们 ' })).toEqual({ unit_id: 'u2', reason: '不归他们' })
  })

  it('when an order is to be answered', () => {
    const asks = asksOf('supervisions', standing('assigned'))
    const body = bodyOf(asks, { words: '请今日办结', whom: '', reply_hours: 24 })
    expect(body.opinion).toBe('请今日办结')
    expect(Date.parse(body.reply_by as string) - Date.now()).toBeGreaterThan(23 * 3_600_000)
  })
})

describe('the board', () => {
  it('keeps its filters in the address', () => {
    const filters = { ...NO_FILTERS, states: ['assigned', 'in_progress'], unit: 'u1', only: ['late' as const], search: '中州路' }
    expect(filtersIn(queryOf(filters))).toEqual(filters)
    expect(queryOf(NO_FILTERS).toString()).toBe('')
  })

  it('shows what is overdue first, then what is due next', () => {
    const rows = [
      row('paused', { clock: { state: 'paused' } as BoardRow['clock'] }),
      row('later'),
      row('late', { deadline: '2026-11-23T09:00:00+08:00' }),
      row('ended', { ended_at: '2026-11-23T08:00:00+08:00' }),
    ]
    expect(inOrder(rows).map(({ id }) => id)).toEqual(['late', 'later', 'paused', 'ended'])
    expect(rows.filter((one) => matches(one, { ...NO_FILTERS, only: ['late'] }, NOW)).map(({ id }) => id)).toEqual(['late'])
    expect(rows.filter((one) => matches(one, { ...NO_FILTERS, unit: 'u2' }, NOW))).toEqual([])
  })
})

describe('the days that are counted', () => {
  it('are whole ones of the city', () => {
    // A Monday, before the day has begun in Greenwich.
    const now = Date.parse('2026-11-23T00:30:00+08:00')
    expect(periodOf('today', now)).toEqual({ first: '2026-11-23', last: '2026-11-23' })
    expect(periodOf('this_week', now)).toEqual({ first: '2026-11-23', last: '2026-11-29' })
    expect(periodOf('last_week', now)).toEqual({ first: '2026-11-16', last: '2026-11-22' })
    expect(periodOf('this_month', now)).toEqual({ first: '2026-11-01', last: '2026-11-30' })
    expect(periodOf('last_month', Date.parse('2026-01-05T08:00:00+08:00'))).toEqual({ first: '2025-12-01', last: '2025-12-31' })
    expect(periodOf('this_quarter', now)).toEqual({ first: '2026-10-01', last: '2026-12-31' })
  })

  it('stand in the address with the number that is open', () => {
    const shown = { first: '2026-11-16', last: '2026-11-22', by: 'class' as const, figure: 'due' as const, key: 'x|matter|06|010' }
    expect(shownIn(figuresQuery(shown), NOW)).toEqual(shown)
    expect(shorthandOf(shown, NOW)).toBe('last_week')
    expect(shownIn(new URLSearchParams(), NOW)).toMatchObject({ by: 'unit', figure: undefined, first: '2026-11-23' })
  })
})

describe('keys', () => {
  it('are heard by a dialog alone while it is open, and not once it is shut', () => {
    const scope = { bindings: [], alone: false, dialog: undefined }
    const dialog = ref({ open: true } as HTMLDialogElement)
    scopes.push({ ...scope, title: 'page' }, { ...scope, title: 'dialog', alone: true, dialog })
    expect(hearing().map(({ title }) => title)).toEqual(['dialog'])
    dialog.value = { open: false } as HTMLDialogElement
    expect(hearing().map(({ title }) => title)).toEqual(['page'])
    scopes.splice(0)
  })
})

describe('what became of the bell', () => {
  const counts = [
    { channel: 'push', fate: 'sent', why: null, deliveries: 3 },
    { channel: 'push', fate: 'failed', why: 'answered_410', deliveries: 2 },
    { channel: 'push', fate: 'shown', why: null, deliveries: 4 },
    { channel: 'push', fate: 'opened', why: null, deliveries: 5 },
    { channel: 'wecom', fate: 'failed', why: 'invaliduser', deliveries: 7 },
    { channel: 'sms', fate: 'needless', why: 'not_urgent', deliveries: 9 },
  ] as DeliveryCount[]

  it('is counted by what asks for attention: who opened was shown', () => {
    expect(countsBy(counts)).toEqual({ failed: 9, waiting: 0, sent: 3, arrived: 9, needless: 9 })
    expect(failingIn(counts).map(({ why }) => why)).toEqual(['invaliduser', 'answered_410'])
    expect(channelsIn(counts, 'voice')).toEqual(['push', 'sms', 'voice', 'wecom'])
  })

  it('lies in the address, and nonsense there chooses nothing', () => {
    const chosen = { fates: 'failed', channel: 'push', case_id: 'c1' } as const
    expect(chosenIn(deliveriesQuery(chosen))).toEqual(chosen)
    expect(chosenIn(new URLSearchParams('fate=lost'))).toEqual(EVERYTHING)
    expect(deliveriesQuery(EVERYTHING).toString()).toBe('')
  })

  it('is said in words, and a maker’s own code as he wrote it', () => {
    speak('zh', { ...first_zh, ...zh, ...desk_zh })
    expect(whyWords('answered_410')).toBe('浏览器已不再接收，订阅已删除')
    expect(whyWords('answered_502')).toBe('对方回答 502')
    expect(whyWords('errcode_60020')).toBe('errcode_60020')
    expect(whyWords(null)).toBe('')
    expect(kindWords('assigned')).toBe('指派')
    expect(kindWords('digest')).toBe('多条合并')
    expect(fateWords({ fate: 'waiting', channel: 'app' })).toBe('等打开应用')
    expect(fateWords({ fate: 'waiting', channel: 'push' })).toBe('等待中')
  })
})

describe('the day of a leader', () => {
  const unit = (id: string, due: number, closed_on_time_rate: number | null, depth = 1) => ({ id, name: id, depth, due, closed_on_time_rate }) as FigureRow

  it('ranks units that had something to do, the best on time first', () => {
    const rows = [unit('district', 90, 9000, 0), unit('a', 10, 8000), unit('b', 40, 9500), unit('idle', 0, null), unit('crew', 5, 9900, 2), unit('c', 30, 9500)]
    expect(ranked(rows).map(({ id }) => id)).toEqual(['b', 'c', 'a'])
  })

  it('lists what is late and runs, and what was ordered and has not ended', () => {
    const past = '2026-11-23T09:00:00+08:00'
    const given = [
      row('1', { deadline: past }),
      row('2'),
      row('3', { deadline: past, clock: { state: 'stopped' } as BoardRow['clock'] }),
      row('4', { deadline: past, ended_at: past, flags: ['supervised', 'overdue'] }),
      row('5', { flags: ['supervised'] }),
    ]
    expect(lateOf(given, NOW).map(({ id }) => id)).toEqual(['1'])
    expect(orderedOf(given).map(({ id }) => id)).toEqual(['5'])
  })

  it('counts days of the city, today the last', () => {
    expect(daysBack(14, NOW)).toEqual({ first: '2026-11-10', last: '2026-11-23' })
    expect(daysBack(1, Date.parse('2026-11-23T16:30:00Z'))).toEqual({ first: '2026-11-24', last: '2026-11-24' })
    expect(weekSoFar(Date.parse('2026-11-26T10:00:00+08:00'))).toEqual({ first: '2026-11-23', last: '2026-11-26' })
  })

  it('draws a line from edge to edge, flat where nothing happened', () => {
    expect(points([0, 5, 10], 10)).toBe('0.0,38.0 50.0,20.0 100.0,2.0')
    expect(points([0, 0], 0)).toBe('0.0,38.0 100.0,38.0')
  })
})

describe('the red call list at a desk', () => {
  const unreached = (alert_id: string, urgency: string) => ({ alert_id, urgency, since: '2026-11-24T02:00:00Z', kind: 'assigned', people: [] })
  let answers: Record<string, () => Response>

  beforeEach(() => {
    me.value = { person: { id: 'p1', name: 'x', role: 'supervisor' } } as never
    answers = { '/api/call_list': () => Response.json({ unreached: [unreached('a', 'normal'), unreached('b', 'emergency')] }) }
    vi.stubGlobal('fetch', (path: string) => Promise.resolve(answers[path.replace(/calls\/.*/, 'calls')]!()))
  })
  afterEach(() => {
    me.value = undefined
    vi.unstubAllGlobals()
  })

  it('has the most urgent first, and whoever was told is off it at once', async () => {
    await readCalls()
    expect(calls.value?.map((one) => one.alert_id)).toEqual(['b', 'a'])
    answers['/api/calls'] = () => Response.json({ unreached: [] }, { status: 201 })
    expect(await tellCalled(calls.value![0]!, 'p2')).toBe(true)
    expect(calls.value?.map((one) => one.alert_id)).toEqual(['a'])
  })

  it('keeps whom the server has not noted, and says why', async () => {
    await readCalls()
    const headers = { 'Content-Type': 'application/problem+json' }
    answers['/api/calls'] = () => Response.json({ code: 'not_found', title: 'gone', retry: false }, { status: 404, headers })
    expect(await tellCalled(calls.value![0]!, 'p2')).toBe(false)
    expect(calls.value?.map((one) => one.alert_id)).toEqual(['b', 'a'])
    expect(trouble.value).toBe('gone')
  })
})
