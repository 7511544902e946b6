// 处置前核实, 处置后核查: an inspector looks, on the spot.
import type { Case, NoPlaceReason } from '../api/types'
import type { Identity } from '../local/identities'
import { keepAct } from '../outbox/keeping'
import type { Act, Photo } from '../outbox/rows'
import { placeOf, type Fix } from '../place/fixing'
import { isoTime } from '../words/times'
import type { Draft, Verdict } from './drafts'
import { reasonWords } from './reasons'
import { titleOf } from './showing'

export const VERDICTS: Verdict[] = ['pass', 'fail', 'unable']
export const FAIL_REASONS = { checks: ['not_clean', 'came_back', 'not_done', 'other'], verifications: ['not_there', 'not_ours', 'known', 'other'] }
export const UNABLE_REASONS = ['no_access', 'not_found', 'bad_weather', 'other']

export type Look = 'checks' | 'verifications'

export type Wanting = 'verdict' | 'reason' | 'photo'

/** What still stands between an inspector and the submit button: a verdict, why, and a photo or the reason for none. */
export function wanting(draft: Draft, photos: Pick<Photo, 'usage'>[]): Wanting | undefined {
  if (!draft.verdict) return 'verdict'
  if (draft.verdict !== 'pass' && !draft.reason_code) return 'reason'
  return photos.length === 0 && !draft.no_photo_reason && draft.verdict !== 'unable' ? 'photo' : undefined
}

export function reasonsFor(look: Look, verdict: Verdict): string[] {
  if (verdict === 'pass') return []
  return verdict === 'fail' ? FAIL_REASONS[look] : UNABLE_REASONS
}

/** Signs and keeps the verdict together with its photos; the draft ends in the same transaction. */
export function tellVerdict(
  who: Identity,
  truth: Case,
  look: Look,
  draft: Draft,
  photos: Photo[],
  place: { fix: Fix | undefined; none_because: NoPlaceReason },
): Promise<Act> {
  const verdict = draft.verdict!
  const why = verdict === 'pass' ? undefined : reasonWords(verdict === 'unable' ? 'unable' : look, draft.reason_code!, '')
  return keepAct(
    who,
    {
      act: look,
      case_id: truth.id,
      about: titleOf(truth),
      done_at: isoTime(Date.now()),
      place: place.fix ? placeOf(place.fix, isoTime) : null,
      no_place_reason: place.none_because,
      photos,
      extra: { verdict, reason: why, no_photo_reason: photos.length ? undefined : draft.no_photo_reason },
    },
    (rows) => rows.remove('drafts', truth.id),
  )
}
