// What has been photographed and not yet submitted: on disk from the first photo on, so that a phone that dies
// between shutter and submit has lost nothing.
import type { NoPhotoReason, OffSiteReason, Outcome, SuggestionKind, Usage } from '../api/types'
import type { Taken } from '../camera/taking'
import { change, read } from '../local/database'
import { newId } from '../local/ids'
import { tell } from '../local/watching'
import { makingRoom } from '../outbox/room'
import { photoRows, putPhoto, removePhoto, SLICE_BYTES, type Photo } from '../outbox/rows'
import type { Fix } from '../place/fixing'

/** Under this id lies what was photographed for a report: its case does not exist yet. */
export const OF_A_REPORT = 'report'

/** And for a complaint or suggestion, which has none at all. */
export const OF_A_SUGGESTION = 'suggestion'

const OF_A_NOTE = 'note:'

/** What is photographed and said for a note lies apart from what is photographed to close the same case. */
export function draftOfNote(case_id: string): string {
  return OF_A_NOTE + case_id
}

export type Verdict = 'pass' | 'fail' | 'unable'

export interface Draft {
  case_id: string
  photos: string[]
  outcome: Outcome
  off_site_reason?: OffSiteReason | undefined
  no_photo_reason?: NoPhotoReason | undefined
  /** persons who helped, or whose work it was */
  helpers?: string[] | undefined
  on_behalf_of?: string | undefined
  /** of an inspector's look */
  verdict?: Verdict | undefined
  reason_code?: string | undefined
  /** of a report: what it is, by its key in the catalogue */
  case_class?: string | undefined
  self_handled?: boolean | undefined
  /** of a suggestion: what about, and what is written of it so far */
  suggestion_kind?: SuggestionKind | undefined
  words?: string | undefined
}

export function emptyDraft(case_id: string): Draft {
  return { case_id, photos: [], outcome: 'fixed' }
}

export function readDraft(case_id: string): Promise<{ draft: Draft; photos: Photo[] }> {
  return read(['drafts', 'photos'], async (rows) => {
    const draft = (await rows.get<Draft>('drafts', case_id)) ?? emptyDraft(case_id)
    return { draft, photos: await photoRows(rows, draft.photos) }
  })
}

/** Resolves when the photo, or the voice note, is on disk. */
export async function addPhoto(
  draft_id: string,
  taken: Taken,
  fix: Fix | undefined,
  usage: Usage = 'after',
): Promise<Photo> {
  const photo: Photo = {
    photo_id: newId(),
    case_id: caseOf(draft_id),
    sha256: taken.sha256,
    length: taken.bytes.byteLength,
    usage,
    taken_at: taken.taken_at,
    source: taken.source,
    slices: Math.ceil(taken.bytes.byteLength / SLICE_BYTES),
    tries: 0,
    held: false,
    ...(taken.type ? { type: taken.type } : {}),
    ...(fix ? { lon: fix.lon, lat: fix.lat, accuracy_m: fix.accuracy_m } : {}),
  }
  await makingRoom(() =>
    change(['drafts', 'photos', 'slices'], async (rows) => {
      const draft = (await rows.get<Draft>('drafts', draft_id)) ?? emptyDraft(draft_id)
      await putPhoto(rows, photo, taken.bytes)
      await rows.put('drafts', { ...draft, photos: [...draft.photos, photo.photo_id] })
    }),
  )
  tell('drafts')
  return photo
}

function caseOf(draft_id: string): string | null {
  if (draft_id === OF_A_REPORT || draft_id === OF_A_SUGGESTION) return null
  return draft_id.startsWith(OF_A_NOTE) ? draft_id.slice(OF_A_NOTE.length) : draft_id
}

export async function dropPhoto(case_id: string, photo_id: string): Promise<void> {
  await change(['drafts', 'photos', 'slices'], async (rows) => {
    const draft = await rows.get<Draft>('drafts', case_id)
    if (!draft) return
    await removePhoto(rows, photo_id)
    await rows.put('drafts', { ...draft, photos: draft.photos.filter((id) => id !== photo_id) })
  })
  tell('drafts')
}

export async function choose(case_id: string, chosen: Partial<Omit<Draft, 'case_id' | 'photos'>>): Promise<void> {
  await change(['drafts'], async (rows) => {
    const draft = (await rows.get<Draft>('drafts', case_id)) ?? emptyDraft(case_id)
    await rows.put('drafts', { ...draft, ...chosen })
  })
  tell('drafts')
}
