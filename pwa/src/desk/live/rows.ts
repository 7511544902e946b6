// What lies before this desk: every open case as a line, kept in memory alone, and true as of the last word heard.
import { computed, shallowRef, triggerRef } from 'vue'
import type { BoardRow, Case } from '../../api/types'

const found = shallowRef(new Map<string, BoardRow>())

export const rows = computed(() => [...found.value.values()])

export function rowById(id: string): BoardRow | undefined {
  return found.value.get(id)
}

export function forgetRows(): void {
  found.value = new Map()
}

export function addRows(added: BoardRow[]): void {
  for (const row of added) found.value.set(row.id, row)
  triggerRef(found)
}

export function applyChanges(cases: Case[], gone: string[]): void {
  for (const id of gone) found.value.delete(id)
  for (const one of cases) found.value.set(one.id, rowOf(one))
  triggerRef(found)
}

const WAITING = ['open', 'forwarded']
const DESCRIPTION_MOST = 120

/** The line of a case that came whole. */
export function rowOf(whole: Case): BoardRow {
  const { id, seq, case_no, external_case_id, state, round, flags, urgency, kind, major, minor } = whole
  const { major_name, minor_name, title, address, location, grid_code, deadline, clock, handler, crew, inspector } = whole
  const { lead_case_id, dispatched_at, handled_at, ended_at } = whole
  return {
    id, seq, case_no, external_case_id, state, round, flags, urgency, kind, major, minor,
    major_name, minor_name, title, address, location, grid_code, deadline, clock, handler, crew, inspector,
    lead_case_id, dispatched_at, handled_at, ended_at,
    source_name: whole.source.name,
    description: whole.description?.slice(0, DESCRIPTION_MOST) ?? null,
    unit: whole.unit && { id: whole.unit.id, name: whole.unit.name },
    turn_unit: whole.turn_unit && { id: whole.turn_unit.id, name: whole.turn_unit.name },
    asked: whole.requests.filter(({ state }) => WAITING.includes(state)).map((request) => request.kind).sort(),
  }
}
