import type { Case, NoPlaceReason, Outcome } from '../api/types'
import type { Identity } from '../local/identities'
import { keepAct } from '../outbox/keeping'
import type { Act, Photo } from '../outbox/rows'
import { distanceM, isOutside } from '../place/distance'
import { placeOf, type Fix } from '../place/fixing'
import { isoTime } from '../words/times'
import type { Draft } from './drafts'
import { positionOf, titleOf } from './showing'

/** What still stands between a person and the submit button. */
export type Wanting = 'before_photo' | 'after_photo' | 'off_site_reason'

export interface PhotoNeed {
  before: number
  after: number
}

export const DEFAULT_FENCE_M = 100

const SHOWS_IT_BEFORE = ['before', 'report', 'near', 'far', 'scene', 'verify']

/** How many photos this outcome asks for by the class's rule; one before only where the case has none. */
export function photosAsked({ photo_rule, photos }: Pick<Case, 'photo_rule' | 'photos'>, outcome: Outcome): PhotoNeed {
  const { after_min, before_min } = photo_rule.outcomes[outcome] ?? photo_rule
  const has_before = photos.some((photo) => SHOWS_IT_BEFORE.includes(photo.usage) && !photo.refused)
  return { before: has_before ? 0 : before_min, after: after_min }
}

/** The distance from the case, where it is certainly beyond the fence; undefined inside or not known. */
export function offSiteM(truth: Case, fix: Fix | undefined, fence_m = DEFAULT_FENCE_M): number | undefined {
  const target = positionOf(truth)
  if (!target || !fix) return undefined
  const distance = distanceM(target, fix)
  return isOutside(fence_m, distance, fix.accuracy_m) ? distance : undefined
}

/** Standing at the place, as far as the phone can tell. */
export function isThere(truth: Case, fix: Fix | undefined, fence_m = DEFAULT_FENCE_M): boolean {
  const target = positionOf(truth)
  return target !== undefined && fix !== undefined && distanceM(target, fix) <= fence_m
}

/** What the rule still asks for, in the order in which it is photographed. */
export function slotsLeft(truth: Case, draft: Draft, photos: Pick<Photo, 'usage'>[]): ('before' | 'after')[] {
  const need = photosAsked(truth, draft.outcome)
  const left = (usage: 'before' | 'after') =>
    Array.from({ length: Math.max(0, need[usage] - photos.filter((photo) => photo.usage === usage).length) }, () => usage)
  return [...left('before'), ...left('after')]
}

/** undefined: nothing, it can be submitted. */
export function wanting(
  truth: Case,
  draft: Draft,
  photos: Pick<Photo, 'usage'>[],
  off_site_m: number | undefined,
): Wanting | undefined {
  const need = photosAsked(truth, draft.outcome)
  const count = (usage: Photo['usage']) => photos.filter((photo) => photo.usage === usage).length
  if (!draft.no_photo_reason) {
    if (count('before') < need.before) return 'before_photo'
    if (count('after') < need.after) return 'after_photo'
  }
  return off_site_m !== undefined && !draft.off_site_reason ? 'off_site_reason' : undefined
}

/** Signs and keeps the closure together with its photos; the draft ends in the same transaction. */
export function closeOnSite(
  who: Identity,
  truth: Case,
  draft: Draft,
  photos: Photo[],
  place: { fix: Fix | undefined; none_because: NoPlaceReason; fence_m?: number | undefined },
  on_behalf_of?: string,
): Promise<Act> {
  const off_site_m = offSiteM(truth, place.fix, place.fence_m)
  const short = wanting(truth, { ...draft, no_photo_reason: undefined }, photos, undefined) !== undefined
  return keepAct(
    who,
    {
      act: 'closures',
      case_id: truth.id,
      about: titleOf(truth),
      done_at: isoTime(Date.now()),
      place: place.fix ? placeOf(place.fix, isoTime) : null,
      no_place_reason: place.none_because,
      photos,
      extra: {
        outcome: draft.outcome,
        off_site_reason: off_site_m === undefined ? undefined : draft.off_site_reason,
        no_photo_reason: short ? draft.no_photo_reason : undefined,
        on_behalf_of,
        helpers: draft.helpers?.length ? draft.helpers : undefined,
      },
    },
    (rows) => rows.remove('drafts', truth.id),
  )
}
