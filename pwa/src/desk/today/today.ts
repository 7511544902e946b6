// What the leader's page shows: the day's numbers, a fortnight, the week's ranking, what is late and what was ordered.
import type { BoardRow } from '../../api/types'
import type { Answer } from '../../api/asking'
import { inOrder, isLate } from '../board/filters'
import { askFigures, type Figures, type Figure } from '../figures/asking'
import { daysBack, periodOf, type Period } from '../figures/periods'

export type FigureRow = Figures['rows'][number]

export interface Today {
  today: Figures
  fortnight: Figures
  week: Figures
}

export const TREND_DAYS = 14
export const LISTED_MOST = 30
/** What stands on top, each with the page of figures that opens it. */
export const TOLD: Figure[] = ['received', 'closed', 'due', 'overdue_left']

export async function askToday(now: number): Promise<Answer<Today>> {
  const asked = { figure: undefined, key: undefined }
  const today = periodOf('today', now)
  const [of_today, fortnight, week] = await Promise.all([
    askFigures({ ...asked, ...today, by: 'unit' }),
    askFigures({ ...asked, ...daysBack(TREND_DAYS, now), by: 'day' }),
    askFigures({ ...asked, ...weekSoFar(now), by: 'unit' }),
  ])
  for (const answer of [of_today, fortnight, week]) if (answer.kind !== 'ok') return answer
  if (of_today.kind !== 'ok' || fortnight.kind !== 'ok' || week.kind !== 'ok') return { kind: 'silence' }
  return { ...of_today, body: { today: of_today.body, fortnight: fortnight.body, week: week.body } }
}

export function weekSoFar(now: number): Period {
  return { first: periodOf('this_week', now).first, last: periodOf('today', now).last }
}

/** Units right below the district that had something to do, the best on time first; units, never persons. */
export function ranked(rows: FigureRow[]): FigureRow[] {
  const rate = (row: FigureRow) => row.closed_on_time_rate ?? -1
  return rows
    .filter(({ depth, due, id }) => depth === 1 && due > 0 && id)
    .sort((a, b) => rate(b) - rate(a) || b.due - a.due || a.name.localeCompare(b.name, 'zh'))
}

export function lateOf(rows: BoardRow[], now: number): BoardRow[] {
  return inOrder(rows.filter((row) => row.ended_at === null && row.clock.state === 'running' && isLate(row, now)))
}

/** Ordered, and not ended. */
export function orderedOf(rows: BoardRow[]): BoardRow[] {
  return inOrder(rows.filter((row) => row.ended_at === null && row.flags.includes('supervised')))
}

/** Points of a line over so many days, on a ground of 100 by 40; the highest of all lines touches the top. */
export function points(values: number[], highest: number): string {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0
  return values.map((value, at) => `${(at * step).toFixed(1)},${(38 - (36 * value) / Math.max(1, highest)).toFixed(1)}`).join(' ')
}
