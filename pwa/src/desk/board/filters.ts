// What of the board is shown, kept in the address: a link shows a colleague the same list.
import type { BoardRow } from '../../api/types'
import { titleOf } from '../../cases/showing'

export interface Filters {
  states: string[]
  /** its id */
  unit: string
  /** 'matter:06010', or the beginning of it */
  case_class: string
  grid: string
  only: Only[]
  search: string
}

export const ONLY = ['late', 'soon', 'urgent', 'supervised', 'asked'] as const
export type Only = (typeof ONLY)[number]

export const NO_FILTERS: Filters = { states: [], unit: '', case_class: '', grid: '', only: [], search: '' }

export function filtersIn(query: URLSearchParams): Filters {
  const list = (name: string) => query.get(name)?.split('.').filter(Boolean) ?? []
  return {
    states: list('state'),
    unit: query.get('unit') ?? '',
    case_class: query.get('class') ?? '',
    grid: query.get('grid') ?? '',
    only: ONLY.filter((one) => list('only').includes(one)),
    search: query.get('q') ?? '',
  }
}

export function queryOf({ states, unit, case_class, grid, only, search }: Filters): URLSearchParams {
  const words = { state: states.join('.'), unit, class: case_class, grid, only: only.join('.'), q: search.trim() }
  return new URLSearchParams(Object.entries(words).filter(([, value]) => value))
}

export function matches(row: BoardRow, filters: Filters, now: number): boolean {
  if (filters.states.length ? !filters.states.includes(row.state) : row.ended_at !== null) return false
  if (filters.unit && row.unit?.id !== filters.unit) return false
  if (!classKey(row).startsWith(filters.case_class)) return false
  if (!(row.grid_code ?? '').startsWith(filters.grid)) return false
  return filters.only.every((one) => is(row, one, now)) && isFound(row, filters.search)
}

export interface Choice {
  key: string
  words: string
}

/** What there is to choose from: what stands in the list. */
export function choicesIn(rows: BoardRow[]): { states: string[]; units: Choice[]; classes: Choice[] } {
  const units = new Map(rows.flatMap(({ unit }) => (unit?.id ? [[unit.id, unit.name] as const] : [])))
  const classes = new Map(rows.flatMap((row) => (row.minor_name ? [[classKey(row), row.minor_name] as const] : [])))
  return { states: [...new Set(rows.map(({ state }) => state))].sort(), units: listed(units), classes: listed(classes) }
}

function listed(found: Map<string, string>): Choice[] {
  return [...found].map(([key, words]) => ({ key, words })).sort((a, b) => a.words.localeCompare(b.words, 'zh'))
}

export function is(row: BoardRow, what: Only, now: number): boolean {
  if (what === 'late') return row.ended_at === null && isLate(row, now)
  if (what === 'soon') return row.flags.includes('due_soon') && row.clock.state === 'running' && !isLate(row, now)
  if (what === 'urgent') return row.urgency === 'urgent' || row.flags.includes('urgent')
  if (what === 'supervised') return row.flags.includes('supervised') || row.flags.includes('urged')
  return row.asked.length > 0
}

/** Its clock runs beyond its deadline, or it was stopped there. */
export function isLate(row: BoardRow, now: number): boolean {
  return row.flags.includes('overdue') || (row.clock.state === 'running' && row.deadline !== null && Date.parse(row.deadline) < now)
}

export function classKey({ kind, major, minor }: Pick<BoardRow, 'kind' | 'major' | 'minor'>): string {
  return kind ? `${kind}:${major ?? ''}${minor ?? ''}` : ''
}

/** Whose clock runs first, by deadline, so that overdue and nearly late ones stand on top; then the rest, what ended last. */
export function inOrder(rows: BoardRow[]): BoardRow[] {
  const rank = (row: BoardRow) => (row.ended_at !== null ? 2 : row.clock.state === 'running' ? 0 : 1)
  const due = (row: BoardRow) => (row.deadline === null ? Infinity : Date.parse(row.deadline))
  return [...rows].sort((a, b) => rank(a) - rank(b) || due(a) - due(b) || (a.id < b.id ? -1 : 1))
}

function isFound(row: BoardRow, search: string): boolean {
  if (!search.trim()) return true
  const text = [
    row.case_no, row.external_case_id, titleOf(row), row.address, row.description, row.grid_code,
    row.unit?.name, row.handler?.name, row.source_name,
  ].join(' ').toLowerCase()
  return search.toLowerCase().trim().split(/\s+/).every((part) => text.includes(part))
}
