// The roster's week: which hours have holes, and where on the map those are.
import { describe, expect, it } from 'vitest'
import type { Area } from '../src/desk/map/areas'
import type { Gap, Unit } from '../src/desk/roster/asking'
import { areasOf, gapsIn, HOUR_MS, liesIn, minuteText, missingByHour, mondayOf, spanIn } from '../src/desk/roster/weeks'

const MONDAY = Date.parse('2026-11-23T00:00:00+08:00')

function gap(first: number, last: number, grid = '*'): Gap {
  const at = (hour: number) => new Date(MONDAY + hour * HOUR_MS).toISOString()
  return { grid, class: '*', from_at: at(first), until_at: at(last) }
}

function area(code: string, kind: Area['properties']['kind']): Area {
  return { properties: { code, kind, name: code, street_code: '', street_name: '' }, geometry: { type: 'Polygon', coordinates: [] } }
}

describe('the week', () => {
  it('begins on Monday by the city, whatever the hour', () => {
    expect(mondayOf(MONDAY)).toBe(MONDAY)
    expect(mondayOf(MONDAY - 1)).toBe(MONDAY - 168 * HOUR_MS)
    expect(mondayOf(Date.parse('2026-11-29T23:59:59+08:00'))).toBe(MONDAY)
  })

  it('counts what is missing in each hour, also of gaps that reach beyond it', () => {
    const missing = missingByHour([gap(-5, 2), gap(1, 3), gap(160, 400)], MONDAY)
    expect(missing.slice(0, 4)).toEqual([1, 2, 1, 0])
    expect(missing.slice(159, 161)).toEqual([0, 1])
    expect(missing).toHaveLength(168)
    expect(gapsIn([gap(0, 2), gap(1, 3)], MONDAY, 2)).toHaveLength(1)
  })

  it('finds who stands by in an hour', () => {
    const span = { ...gap(8, 20), people: [] }
    expect(spanIn([span], MONDAY, 19)).toBe(span)
    expect(spanIn([span], MONDAY, 20)).toBeUndefined()
  })

  it('marks the areas of a gap', () => {
    const areas = [area('411302', 'outline'), area('411302001000', 'street'), area('411302001001001', 'unit'), area('411302002001001', 'unit')]
    const unit = { street_code: '411302001000' } as Unit
    const codes = (gaps: Gap[], whose?: Unit) => areasOf(gaps, areas, whose).map(({ properties }) => properties.code)
    expect(codes([gap(0, 1)], unit)).toEqual(['411302001000'])
    expect(codes([gap(0, 1)])).toEqual(['411302'])
    expect(codes([gap(0, 1, '411302002001001')], unit)).toEqual(['411302002001001'])
    expect(codes([gap(0, 1, '411302001000')], unit)).toEqual(['411302001000'])
    expect(codes([], unit)).toEqual([])
  })

  it('compares codes as the server does', () => {
    expect(liesIn('411302001001001', '411302001000')).toBe(true)
    expect(liesIn('411302002001001', '411302001000')).toBe(false)
    expect(liesIn('411302001001001', '411302001001001')).toBe(true)
    expect(minuteText(1890)).toBe('07:30')
  })
})
