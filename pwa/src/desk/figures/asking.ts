// What the screen of figures shows, kept in the address; and the numbers asked for it.
import type { components } from '../../api/schema'
import type { Answer } from '../../api/asking'
import { askHere } from '../shell/session'
import { periodOf, type Period } from './periods'

type Schemas = components['schemas']
export type Figures = Schemas['FiguresAnswer']
export type CountedCases = Schemas['CountedCases']
export type Figure = CountedCases['figure']
export type By = Figures['by']

export const BYS: By[] = ['unit', 'class', 'grid', 'post', 'day', 'source']
/** The columns of the screen; the sheet has all of them. */
export const COUNTS: Figure[] = ['received', 'due', 'closed', 'closed_on_time', 'reworked', 'extended', 'handbacks', 'overdue_left']
export const RATES = ['closed_rate', 'closed_on_time_rate', 'rework_rate', 'extension_rate'] as const
export const COLUMNS = [...COUNTS, ...RATES, 'median_s'] as const

export interface Shown extends Period {
  by: By
  /** the number that is open: of which line (undefined: the total) */
  figure: Figure | undefined
  key: string | undefined
}

export function shownIn(query: URLSearchParams, now: number): Shown {
  const usual = periodOf('this_week', now)
  return {
    first: query.get('first') ?? usual.first,
    last: query.get('last') ?? usual.last,
    by: BYS.find((by) => by === query.get('by')) ?? 'unit',
    figure: COUNTS.find((figure) => figure === query.get('figure')),
    key: query.get('key') ?? undefined,
  }
}

export function queryOf({ first, last, by, figure, key }: Shown): URLSearchParams {
  const open = figure ? { figure, ...(key === undefined ? {} : { key }) } : {}
  return new URLSearchParams({ first, last, by, ...open })
}

export function askFigures(shown: Shown): Promise<Answer<Figures>> {
  return askHere<Figures>(`/api/figures?${new URLSearchParams(wordsOf(shown)).toString()}`)
}

export function askCases(shown: Shown): Promise<Answer<CountedCases>> {
  const { figure = 'due', key } = shown
  const words = new URLSearchParams({ ...wordsOf(shown), figure, ...(key === undefined ? {} : { row: key }) })
  return askHere<CountedCases>(`/api/figures/cases?${words.toString()}`)
}

/** Where the same comes from as a sheet. */
export function sheetUrl(shown: Shown, kind: 'xlsx' | 'csv'): string {
  return `/api/figures.${kind}?${new URLSearchParams(wordsOf(shown)).toString()}`
}

function wordsOf({ first, last, by }: Shown): Record<string, string> {
  return { from: first, to: last, by }
}

/** 9616 → 「96.16%」 */
export function rateWords(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? '–' : `${(rate / 100).toFixed(2)}%`
}
