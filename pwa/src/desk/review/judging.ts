// What a judge may say with one or two keys: pass, send back for a reason, have somebody look.
import type { CasePhoto, Me, ReviewDocument } from '../../api/types'
import { titleOf } from '../../cases/showing'
import { t, word } from '../../words/words'
import type { Decision } from '../acts/deeds'

/** Reasons for sending back, in the order of their keys. */
const USUAL = ['not_clean', 'other_place', 'unclear_photo', 'wrong_photo', 'not_restored']
/** What a mark would be called as a reason. */
const BY_MARK: Record<string, string> = {
  same_as_before: 'same_photo',
  reused: 'reused_photo',
  similar: 'reused_photo',
  far: 'far_away',
  exif_place: 'far_away',
  early: 'old_photo',
  exif_time: 'old_photo',
  dark: 'unclear_photo',
  blurred: 'unclear_photo',
  edited: 'edited_photo',
}
export const WITHOUT_PHOTOS = ['seen_elsewhere', 'no_photo_needed']

/** What is doubtful about this closure comes first. */
export function templatesFor({ case: one }: ReviewDocument): string[] {
  const marks = one.photos.filter((photo) => photo.round === one.round).flatMap(({ marks }) => marks)
  const doubtful = marks.flatMap((mark) => BY_MARK[mark] ?? [])
  return [...new Set([...doubtful, ...USUAL])].slice(0, 8)
}

export function reasonWords(code: string): string {
  return word('rework', code)
}

/** Photos that the closure named and that are not here: passing needs a reason. */
export function missingPhotos({ case: one }: Pick<ReviewDocument, 'case'>): CasePhoto[] {
  return one.photos.filter((photo) => photo.missing && photo.round === one.round)
}

export function aboutOf({ case: one }: Pick<ReviewDocument, 'case'>): string {
  return `${one.case_no} ${titleOf(one)}`
}

type Role = Me['person']['role']

export function passing(document: ReviewDocument, role: Role, said: { reason?: string; trust_clock?: boolean } = {}): Decision {
  const { reason, trust_clock } = said
  const extra = { ...(reason ? { reason } : {}), ...(trust_clock ? { trust_clock } : {}) }
  return role === 'unit_operator'
    ? decision(document, 'unit_reviews', { verdict: 'pass' })
    : decision(document, 'reviews', { verdict: 'close', ...extra })
}

export function sendingBack(document: ReviewDocument, role: Role, reason: string): Decision {
  return role === 'unit_operator'
    ? decision(document, 'unit_reviews', { verdict: 'back', reason })
    : decision(document, 'reviews', { verdict: 'rework', reason })
}

/** By rule where nobody is named. */
export function havingChecked(document: ReviewDocument, person_id?: string): Decision {
  return decision(document, 'reviews', { verdict: 'check', ...(person_id ? { person_id } : {}) })
}

export function saysOf(verdict: 'pass' | 'back' | 'check', role: Role): string {
  if (verdict === 'pass') return role === 'unit_operator' ? t('review.passed_unit') : t('review.passed')
  return verdict === 'back' ? t('review.sent_back') : t('review.check_asked')
}

function decision(document: ReviewDocument, act: string, extra: Record<string, unknown>): Decision {
  return { case_id: document.case.id, about: aboutOf(document), act, extra }
}
