// The 168 hours of a week, what is missing in each, and where on the map that is.
import type { Area } from '../map/areas'
import type { Gap, Span, Unit } from './asking'

export const HOUR_MS = 3600_000
export const WEEK_HOURS = 168
const DAY_MS = 24 * HOUR_MS
const ZONE_MS = 8 * HOUR_MS
const GRID_CODE_LEAST = 14
const STREET_CODE = 12

/** Midnight of the Monday before, by the city's clock. */
export function mondayOf(at: number): number {
  const day = Math.floor((at + ZONE_MS) / DAY_MS)
  // Day 0 was a Thursday.
  return (day - ((day + 3) % 7)) * DAY_MS - ZONE_MS
}

export function dayText(at: number): string {
  return new Date(at + ZONE_MS).toISOString().slice(0, 10)
}

/** How many grids and classes nobody answers for, by hour of the week. */
export function missingByHour(gaps: Gap[], monday: number): number[] {
  const missing = Array.from({ length: WEEK_HOURS }, () => 0)
  for (const gap of gaps) {
    const first = Math.max(0, hourOf(gap.from_at, monday))
    const last = Math.min(WEEK_HOURS, hourOf(gap.until_at, monday))
    for (let hour = first; hour < last; hour += 1) missing[hour]! += 1
  }
  return missing
}

export function gapsIn(gaps: Gap[], monday: number, hour: number): Gap[] {
  return gaps.filter((gap) => hourOf(gap.from_at, monday) <= hour && hour < hourOf(gap.until_at, monday))
}

export function spanIn(spans: Span[], monday: number, hour: number): Span | undefined {
  return spans.find((span) => hourOf(span.from_at, monday) <= hour && hour < hourOf(span.until_at, monday))
}

/** The areas of these gaps; a gap everywhere is the unit's street, or the whole district where it has none. */
export function areasOf(gaps: Gap[], areas: Area[], unit: Unit | undefined): Area[] {
  const codes = new Set(gaps.map(({ grid }) => grid))
  return areas.filter(({ properties: { code, kind } }) => {
    if (codes.has('*') && (unit?.street_code ? kind === 'street' && code === unit.street_code : kind === 'outline')) return true
    if (kind === 'street') return codes.has(code)
    return kind === 'unit' && [...codes].some((named) => named !== '*' && named.length >= GRID_CODE_LEAST && liesIn(code, named))
  })
}

/** As the server compares: a whole code is one grid, a shorter one a street or community that it lies in. */
export function liesIn(grid: string, code: string): boolean {
  if (code.length >= GRID_CODE_LEAST) return grid === code
  return grid.startsWith(code.length === STREET_CODE && code.endsWith('000') ? code.slice(0, 9) : code)
}

export function minuteText(minute: number): string {
  const clock = minute % 1440
  return `${String(Math.floor(clock / 60)).padStart(2, '0')}:${String(clock % 60).padStart(2, '0')}`
}

function hourOf(instant: string, monday: number): number {
  return Math.round((Date.parse(instant) - monday) / HOUR_MS)
}
