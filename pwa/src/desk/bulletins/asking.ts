// What the page of bulletins asks and sends. Each answer is the bulletin as it then stands, or a sentence.
import type { Answer } from '../../api/asking'
import type { components } from '../../api/schema'
import { newId } from '../../local/ids'
import { t } from '../../words/words'
import { askHere } from '../shell/session'
import { periodOf, type Period } from '../figures/periods'

type Schemas = components['schemas']
export type Bulletin = Schemas['BulletinView']
export type BulletinLine = Schemas['BulletinLine']
export type Part = Bulletin['document']['parts'][number]
export type Sheet = Part['sheets'][number]
export type Section = NonNullable<Part['section']>
export type Typical = Bulletin['document']['typical'][number]
export type Candidate = Schemas['Candidate']
export type Template = Schemas['TemplateView']
export type Kind = BulletinLine['period']
export type Chosen = { case_id: string; before_photo_id: string; after_photo_id: string; words: string }

export const KINDS: Kind[] = ['week', 'month', 'quarter', 'day']
export const FORMATS = ['docx', 'pdf', 'xlsx'] as const
export const TYPICAL_MOST = 6
const WRITING_MS = 60_000
const DAY_MS = 86_400_000

export function askBulletins(): Promise<Answer<{ items: BulletinLine[] }>> {
  return askHere('/api/bulletins')
}

export function askBulletin(id: string): Promise<Answer<Bulletin>> {
  return askHere(`/api/bulletins/${id}`)
}

export function draft(kind: Kind, from: string): Promise<Answer<Bulletin>> {
  return send('PUT', `/api/bulletins/${newId()}`, { period: kind, from })
}

export function recount(id: string): Promise<Answer<Bulletin>> {
  return send('POST', `/api/bulletins/${id}/recounts`)
}

export function putWords(of: Bulletin, section: Section, words: string | null): Promise<Answer<Bulletin>> {
  return send('PUT', `/api/bulletins/${of.id}/words`, { revision: of.revision, words: { [section]: words } })
}

export function putTypical(of: Bulletin, typical: Chosen[]): Promise<Answer<Bulletin>> {
  return send('PUT', `/api/bulletins/${of.id}/words`, { revision: of.revision, typical })
}

export function publish(of: Bulletin): Promise<Answer<Bulletin>> {
  return send('PUT', `/api/bulletins/${of.id}/publication`, { revision: of.revision })
}

export function drop(id: string): Promise<Answer<undefined>> {
  return send('DELETE', `/api/bulletins/${id}`)
}

export function askCandidates(id: string): Promise<Answer<{ items: Candidate[] }>> {
  return askHere(`/api/bulletins/${id}/candidates`)
}

export function askTemplate(): Promise<Answer<Template>> {
  return askHere('/api/bulletin_template')
}

export async function putTemplate(file: File): Promise<Answer<Template>> {
  const headers = { 'Content-Type': 'application/octet-stream' }
  return askHere('/api/bulletin_template', { method: 'PUT', headers, body: await file.arrayBuffer() })
}

export function dropTemplate(): Promise<Answer<undefined>> {
  return send('DELETE', '/api/bulletin_template')
}

export function fileUrl(id: string, format: (typeof FORMATS)[number]): string {
  return `/api/bulletins/${id}?format=${format}`
}

/** Why it did not work, in words. */
export function troubleOf(answer: Answer<unknown>): string {
  return answer.kind === 'ok' ? '' : answer.kind === 'problem' ? answer.problem.title : t('desk.no_contact')
}

/** The bulletin that a period already has, where that is why another one was refused. */
export async function thereAlready(answer: Answer<unknown>, kind: Kind, day: string): Promise<string | undefined> {
  if (answer.kind !== 'problem' || answer.problem.code !== 'period_has_bulletin') return undefined
  const listed = await askBulletins()
  const lines = listed.kind === 'ok' ? listed.body.items : []
  return lines.find((line) => line.period === kind && line.from <= day && day <= line.to)?.id
}

/** The last period of a kind that is over: what one most often wants. */
export function lastOver(kind: Kind, now: number): Period {
  if (kind === 'week') return periodOf('last_week', now)
  if (kind === 'month') return periodOf('last_month', now)
  if (kind === 'day') return periodOf('today', now - DAY_MS)
  const { first } = periodOf('this_quarter', now)
  return periodOf('this_quarter', Date.parse(first) - DAY_MS)
}

function send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const request = { method, timeout_ms: WRITING_MS }
  return askHere<T>(path, body === undefined ? request : { ...request, body: JSON.stringify(body) })
}
