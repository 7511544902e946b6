import type { Catalogue, CaseClass, NoPlaceReason } from '../api/types'
import { OF_A_REPORT, type Draft } from '../cases/drafts'
import type { Identity } from '../local/identities'
import { tell } from '../local/watching'
import { keepAct } from '../outbox/keeping'
import type { Act, Photo } from '../outbox/rows'
import { placeOf, type Fix } from '../place/fixing'
import { isoTime } from '../words/times'
import { nameOf, rememberClass } from './classes'

/** What still stands between a person and the submit button. */
export type Wanting = 'photo' | 'class' | 'after_photo'

export function wanting(draft: Draft, photos: Pick<Photo, 'usage'>[]): Wanting | undefined {
  if (!photos.some((photo) => photo.usage !== 'after')) return 'photo'
  if (!draft.case_class) return 'class'
  return draft.self_handled && !photos.some((photo) => photo.usage === 'after') ? 'after_photo' : undefined
}

/** Signs and keeps a report with its photos; fixed on the spot, its first photos are those from before. */
export async function report(
  who: Identity,
  what: { catalogue: Catalogue; case_class: CaseClass; description: string },
  draft: Draft,
  photos: Photo[],
  place: { fix: Fix | undefined; none_because: NoPlaceReason },
): Promise<Act> {
  const { kind, major, minor } = what.case_class
  const self_handled = draft.self_handled === true
  const act = await keepAct(
    who,
    {
      act: 'reports',
      case_id: null,
      about: nameOf(what.case_class),
      done_at: isoTime(Date.now()),
      place: place.fix ? placeOf(place.fix, isoTime) : null,
      no_place_reason: place.none_because,
      photos,
      extra: {
        code_set: what.catalogue.code_set,
        kind,
        major,
        minor,
        description: what.description || undefined,
        self_handled: self_handled || undefined,
      },
    },
    async (rows) => {
      await rows.remove('drafts', OF_A_REPORT)
      for (const photo of photos) {
        if (self_handled && photo.usage === 'report') await rows.put('photos', { ...photo, usage: 'before' })
      }
    },
  )
  tell('drafts')
  await rememberClass(draft.case_class!)
  return act
}
