// What the list shows is the server's truth with this phone's own pending acts on top.
import type { Case, Me, Outcome } from '../api/types'
import type { Act, Photo } from '../outbox/rows'
import type { Position } from '../place/datum'
import { distanceM } from '../place/distance'
import { t, word } from '../words/words'
import { relationsOf } from './relations'

/** A case as it lies on this phone. `gone`: it is no longer ours, yet something of ours about it is not sent. */
export interface KeptCase extends Case {
  gone?: boolean
}

export interface ShownCase {
  truth: KeptCase
  /** the state as this person sees it, with what he has done and not yet sent */
  state: string
  /** 「已处置 · 待上传 2 张」, or nothing */
  pending: string
  trouble: boolean
  group: 'todo' | 'handed_in' | 'ended'
  /** what he did about it and has not sent, with its photos */
  own: Act[]
  own_photos: Photo[]
}

const ENDED = ['closed', 'cancelled', 'rejected']
const WORK = ['assigned', 'in_progress', 'dispatched']
const LOOKS = ['verifying', 'checking']

/** Without `me`, who it is has not been heard yet: then all that is here is his. */
export function showCase(truth: KeptCase, acts: Act[], photos: Photo[], me?: Me): ShownCase {
  const own = acts.filter((act) => act.case_id === truth.id)
  const state = stateWith(own.filter((act) => act.state === 'waiting'), truth)
  const named = new Set(own.flatMap((act) => act.photos))
  return {
    truth,
    state,
    pending: pendingWords(own, photos),
    trouble: own.some((act) => act.state === 'parked'),
    group: ENDED.includes(state) ? 'ended' : isToDo(truth, state, own, me) ? 'todo' : 'handed_in',
    own,
    own_photos: photos.filter((photo) => named.has(photo.photo_id)),
  }
}

/** The state to which his own waiting acts will bring the case, the furthest first. */
function stateWith(waiting: Act[], truth: Case): string {
  const last = (word: string) => waiting.filter((act) => act.act === word).pop()
  const review = last('unit_reviews')
  if (review) return verdictOf(review) === 'pass' ? 'feedback' : 'in_progress'
  if (last('assignments')) return 'assigned'
  if (last('closures')) return 'handled'
  if (last('checks')) return 'feedback'
  if (last('verifications')) return 'reported'
  if (last('handbacks')) return 'dispatched'
  return last('acceptances') && truth.state === 'assigned' ? 'in_progress' : truth.state
}

function isToDo(truth: KeptCase, state: string, own: Act[], me: Me | undefined): boolean {
  if (truth.gone || own.some((act) => act.act === 'handbacks' && act.state === 'waiting')) return false
  const relations = relationsOf(truth, me)
  if (LOOKS.includes(state)) return relations.includes(me ? 'inspector' : 'handler')
  return WORK.includes(state) && relations.some((one) => one === 'handler' || one === 'helper' || one === 'unit')
}

const QUIET = ['notes', 'extensions', 'acceptances']

/** Of several, the one that moves the case furthest. */
function pendingWords(own: Act[], photos: Photo[]): string {
  const last = (word: string) => own.filter((act) => act.act === word).pop()
  const closure = last('closures')
  if (closure) return closurePending(closure, photos)
  const handback = last('handbacks')
  if (handback) return handback.state === 'waiting' ? t('handback.pending') : t('handback.parked')
  const other = own.filter((act) => !QUIET.includes(act.act)).pop()
  if (other) return t(other.state === 'waiting' ? 'lead.pending' : 'lead.parked', { act: word('act', other.act) })
  if (last('extensions')?.state === 'waiting') return t('extension_ask.pending')
  return last('acceptances')?.state === 'waiting' ? t('accept.pending') : ''
}

function closurePending(closure: Act, photos: Photo[]): string {
  const outcome = word('outcome', outcomeOf(closure))
  if (closure.state === 'parked') return t('close.parked', { outcome })
  const count = photos.filter((photo) => closure.photos.includes(photo.photo_id) && !photo.held).length
  if (count > 0) return t('close.pending_photos', { outcome, count })
  return closure.photos.length > 0 ? t('close.pending_words', { outcome }) : t('close.pending', { outcome })
}

function verdictOf(review: Act): 'pass' | 'back' {
  return (JSON.parse(review.wire) as { verdict: 'pass' | 'back' }).verdict
}

function outcomeOf(closure: Act): Outcome {
  return (JSON.parse(closure.wire) as { outcome: Outcome }).outcome
}

/** By deadline, or from `here` by distance, the nearest first; without one last. Ended ones: the newest first. */
export function inOrder(shown: ShownCase[], here?: Position): Record<ShownCase['group'], ShownCase[]> {
  const deadline = ({ truth }: ShownCase) => (truth.deadline === null ? Infinity : Date.parse(truth.deadline))
  const key = here ? ({ truth }: ShownCase) => distanceFrom(here, truth) : deadline
  const keyed = shown.map((one) => ({ one, key: key(one) }))
  const sorted = keyed.sort((a, b) => (a.key === b.key ? (a.one.truth.id < b.one.truth.id ? -1 : 1) : a.key - b.key)).map(({ one }) => one)
  const of = (group: ShownCase['group']) => sorted.filter((one) => one.group === group)
  return { todo: of('todo'), handed_in: of('handed_in'), ended: of('ended').reverse() }
}

export function matches(shown: ShownCase, search: string): boolean {
  const { truth } = shown
  const text = [truth.case_no, truth.external_case_id, titleOf(truth), truth.address, truth.description, truth.grid_code]
    .join(' ')
    .toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part))
}

export function titleOf(truth: Pick<Case, 'title' | 'minor_name' | 'major_name' | 'description'>): string {
  return truth.title || truth.minor_name || truth.major_name || firstWords(truth.description) || t('case.title_unknown')
}

export function positionOf({ location }: Pick<Case, 'location'>): Position | undefined {
  if (!location) return undefined
  const [lon, lat] = location.coordinates
  return lon === undefined || lat === undefined ? undefined : { lon, lat }
}

function distanceFrom(here: Position, truth: Case): number {
  const target = positionOf(truth)
  return target ? distanceM(here, target) : Infinity
}

export function distanceWords(metres: number): string {
  if (metres < 950) return t('case.distance_m', { m: Math.max(10, Math.round(metres / 10) * 10) })
  return t('case.distance_km', { km: (metres / 1000).toFixed(1) })
}

function firstWords(text: string | null): string {
  return (text ?? '').split(/[，。,.;；\n]/)[0]!.slice(0, 18)
}
