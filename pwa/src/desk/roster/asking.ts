// What the page of the roster asks and sends; each row is put under an id named here.
import type { Answer } from '../../api/asking'
import type { components } from '../../api/schema'
import { t } from '../../words/words'
import { isoTime } from '../../words/times'
import { askHere } from '../shell/session'

type Schemas = components['schemas']
export type Unit = Schemas['UnitView']
export type Person = Schemas['PersonView']
export type Post = Schemas['PostView']
export type Shift = Schemas['ShiftView']
export type Duty = Schemas['DutyView']
export type DutyBody = Schemas['DutyBody']
export type Absence = Schemas['AbsenceView']
export type AbsenceBody = Schemas['AbsenceBody']
export type Gap = Schemas['GapView']
export type Span = Schemas['StandBySpan']
export type Report = Schemas['ImportReport']

export const SHEET_URL = '/api/roster_sheet'
const WRITING_MS = 60_000
const PAGES_MOST = 20

/** All pages of a list; undefined where the server did not answer. */
async function whole<T>(path: string): Promise<T[] | undefined> {
  const found: T[] = []
  let after = ''
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const answer = await askHere<{ items: T[]; next: string | null }>(`${path}${path.includes('?') ? '&' : '?'}limit=500${after}`)
    if (answer.kind !== 'ok') return undefined
    found.push(...answer.body.items)
    if (!answer.body.next) break
    after = `&after=${answer.body.next}`
  }
  return found
}

export const askUnits = () => whole<Unit>('/api/units')
export const askShifts = () => whole<Shift>('/api/shifts')
export const askPeople = (unit: string) => whole<Person>(`/api/people?unit_id=${unit}`)
export const askPosts = (unit: string) => whole<Post>(`/api/posts?unit_id=${unit}`)
export const askDuties = (unit: string) => whole<Duty>(`/api/duties?unit_id=${unit}`)
export const askAbsences = (since: number) => whole<Absence>(`/api/absences?since=${encodeURIComponent(isoTime(since))}`)

/** Hours with holes, by unit; the units named are those of whoever asks. */
export async function askGapCounts(from: number, hours: number): Promise<Map<string, number> | undefined> {
  const answer = await askHere<Schemas['GapCounts']>(`/api/roster_gap_counts?${period(from, hours)}`)
  return answer.kind === 'ok' ? new Map(answer.body.items.map((one) => [one.unit_id, one.hours])) : undefined
}

export function askGaps(unit: string, from: number, hours: number): Promise<Answer<Schemas['GapList']>> {
  return askHere(`/api/roster_gaps?unit_id=${unit}&${period(from, hours)}`)
}

export function askStandBy(unit: string, from: number, hours: number): Promise<Answer<Schemas['StandByWeek']>> {
  return askHere(`/api/stand_by?unit_id=${unit}&${period(from, hours)}`)
}

/** A new one's id is its form's: where the answer was lost, sending it again makes no second one. */
export const putDuty = (id: string, body: DutyBody) => send<Duty>('PUT', `/api/duties/${id}`, body)
export const endDuty = (id: string) => send<undefined>('DELETE', `/api/duties/${id}`)
export const putAbsence = (id: string, body: AbsenceBody) => send<Absence>('PUT', `/api/absences/${id}`, body)
export const cancelAbsence = (id: string) => send<undefined>('DELETE', `/api/absences/${id}`)

/** `trial`: only what would become of each row. */
export async function importSheet(file: File, trial: boolean): Promise<Answer<Report>> {
  const headers = { 'Content-Type': file.name.endsWith('.csv') ? 'text/csv' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
  return askHere(`/api/roster_imports?dry_run=${trial}`, { method: 'POST', headers, body: await file.arrayBuffer(), timeout_ms: WRITING_MS })
}

/** Why it did not work, in words. */
export function troubleOf(answer: Answer<unknown>): string {
  if (answer.kind === 'ok') return ''
  if (answer.kind === 'silence') return t('desk.no_contact')
  return answer.problem.title
}

function period(from: number, hours: number): string {
  return `from_at=${encodeURIComponent(isoTime(from))}&hours=${hours}`
}

function send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  return askHere<T>(path, body === undefined ? { method } : { method, body: JSON.stringify(body) })
}
