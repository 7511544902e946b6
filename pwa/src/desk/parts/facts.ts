// What a judge reads beside the photos, as sentences.
import type { Case, CasePhoto, PhotoFacts, ReviewDocument, ReviewLook } from '../../api/types'
import { distanceWords } from '../../cases/showing'
import { momentWords, spanWords } from '../../words/times'
import { t, word } from '../../words/words'

const SHOWN_BEFORE = ['before', 'report', 'near', 'far', 'scene', 'verify']
const SHOWN_AFTER = ['after', 'check']

export interface Doubt {
  key: string
  photo_id: string
  words: string
  why: string
  earlier: PhotoFacts['earlier']
}

/** The photos of how it was, the newest first. */
export function befores({ photos }: Pick<Case, 'photos'>): CasePhoto[] {
  return photos.filter((photo) => SHOWN_BEFORE.includes(photo.usage) && !photo.refused).reverse()
}

/** The photos of how it is now, those of the last round first. */
export function afters({ photos }: Pick<Case, 'photos'>): CasePhoto[] {
  const found = photos.filter((photo) => SHOWN_AFTER.includes(photo.usage) && !photo.refused)
  return [...found].sort((a, b) => b.round - a.round)
}

/** What the last closure says, not counting those that came too late. */
export function lastLook({ looks }: Pick<ReviewDocument, 'looks'>): ReviewLook | undefined {
  return [...looks].reverse().find(({ act, kept }) => ['closures', 'reports'].includes(act) && !kept)
}

/** Why somebody should look twice: each mark of the last round's photos, with what it was found by. */
export function doubts({ case: one, photos }: ReviewDocument): Doubt[] {
  const facts = new Map(photos.map((photo) => [photo.id, photo]))
  return one.photos
    .filter(({ round }) => round === one.round)
    .flatMap((photo) => photo.marks.map((mark) => doubt(photo, mark, facts.get(photo.id))))
}

function doubt(photo: CasePhoto, mark: string, facts: PhotoFacts | undefined): Doubt {
  const alike = ['reused', 'similar', 'same_as_before'].includes(mark)
  return {
    key: `${photo.id} ${mark}`,
    photo_id: photo.id,
    words: word('mark', mark),
    why: whyMarked(mark, facts),
    earlier: alike ? (facts?.earlier ?? []).filter((found) => found.photo_id !== photo.id) : [],
  }
}

function whyMarked(mark: string, facts: PhotoFacts | undefined): string {
  if (mark === 'far' && facts?.place) return placeWords(facts.place)
  if (mark === 'early' && facts?.taken_at) return t('review.taken_at', { time: momentWords(Date.parse(facts.taken_at), Date.now()) })
  return word('mark_why', mark)
}

/** 「距案件 12 米（误差 8 米）」, or why it is not known. */
export function whereWords(look: ReviewLook): string {
  if (!look.place) return look.no_place_reason ? t('review.no_place', { why: word('no_place', look.no_place_reason) }) : t('review.no_place_said')
  return placeWords(look.place)
}

function placeWords({ distance_m, accuracy_m }: NonNullable<ReviewLook['place']>): string {
  const accuracy = accuracy_m === null ? '' : t('review.accuracy', { m: Math.round(accuracy_m) })
  return distance_m === null ? t('review.place_known') + accuracy : t('review.away', { distance: metresWords(distance_m) }) + accuracy
}

/** Exact where it matters: near the fence. */
function metresWords(metres: number): string {
  return metres < 1000 ? t('case.distance_m', { m: metres }) : distanceWords(metres)
}

/** 「按期，提前 22 分」 */
export function timeliness({ deadline, clock, flags }: Pick<Case, 'deadline' | 'clock' | 'flags'>): { words: string; late: boolean } | undefined {
  if (!deadline || !clock.stopped_at) return undefined
  const early_ms = Date.parse(deadline) - Date.parse(clock.stopped_at)
  const late = early_ms < 0
  const time = spanWords(early_ms)
  const words = late ? t('review.late', { time }) : t('review.on_time', { time })
  return { words: flags.includes('clock_doubt') ? `${words} · ${t('review.by_arrival')}` : words, late }
}
