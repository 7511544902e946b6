// Whom an act can name: units for the centre, a unit's own people for its operator. Asked for when a form opens.
import type { components } from '../../api/schema'
import type { Case } from '../../api/types'
import { askHere } from '../shell/session'

type Schemas = components['schemas']

export interface Named {
  id: string
  name: string
}

const OWNER = 'owner'
const WORKERS = ['handler', 'crew_leader']

export async function unitsFor({ unit }: Pick<Case, 'unit'>): Promise<Named[]> {
  const all = await everyPage<Schemas['UnitView']>('/api/units')
  return all.filter((one) => one.active && one.kind !== OWNER && one.parent_id !== null && one.id !== unit?.id)
}

export async function workersOf({ unit, handler }: Pick<Case, 'unit' | 'handler'>): Promise<Named[]> {
  if (!unit) return []
  const all = await everyPage<Schemas['PersonView']>('/api/people', { unit_id: unit.id })
  return all.filter((one) => one.active && WORKERS.includes(one.role) && one.id !== handler?.id)
}

async function everyPage<Row extends { id: string }>(path: string, words: Record<string, string> = {}): Promise<Row[]> {
  const found: Row[] = []
  let next: string | null = null
  do {
    const query: string = new URLSearchParams({ ...words, ...(next ? { after: next } : {}) }).toString()
    const answer = await askHere<{ items: Row[]; next: string | null }>(query ? `${path}?${query}` : path)
    if (answer.kind !== 'ok') break
    found.push(...answer.body.items)
    next = answer.body.next
  } while (next)
  return found
}
