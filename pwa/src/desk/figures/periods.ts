// Which days are counted: shorthands for whole ones, and days in the address.
const ZONE_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

export interface Period {
  /** 2026-11-16 */
  first: string
  last: string
}

export const SHORTHANDS = ['today', 'this_week', 'last_week', 'this_month', 'last_month', 'this_quarter'] as const
export type Shorthand = (typeof SHORTHANDS)[number]

/** Whole days of the city; weeks begin on Monday. A period that goes on ends where it will end. */
export function periodOf(which: Shorthand, now: number): Period {
  const today = Math.floor((now + ZONE_MS) / DAY_MS)
  const monday = today - ((today + 3) % 7)
  const date = new Date(today * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const quarter = month - (month % 3)
  if (which === 'today') return days(today, today)
  if (which === 'this_week') return days(monday, monday + 6)
  if (which === 'last_week') return days(monday - 7, monday - 1)
  if (which === 'this_month') return days(firstOf(year, month), firstOf(year, month + 1) - 1)
  if (which === 'last_month') return days(firstOf(year, month - 1), firstOf(year, month) - 1)
  return days(firstOf(year, quarter), firstOf(year, quarter + 3) - 1)
}

/** So many whole days, the last of them today. */
export function daysBack(count: number, now: number): Period {
  const today = Math.floor((now + ZONE_MS) / DAY_MS)
  return days(today - count + 1, today)
}

export function shorthandOf(period: Period, now: number): Shorthand | undefined {
  return SHORTHANDS.find((which) => {
    const { first, last } = periodOf(which, now)
    return first === period.first && last === period.last
  })
}

function firstOf(year: number, month: number): number {
  return Date.UTC(year, month, 1) / DAY_MS
}

function days(first: number, last: number): Period {
  return { first: dayWords(first), last: dayWords(last) }
}

function dayWords(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
