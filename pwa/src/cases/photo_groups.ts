import type { CasePhoto } from '../api/types'
import { t, word } from '../words/words'
import type { ShownCase } from './showing'

export type PhotoKind = 'before' | 'after' | 'check'
export type Seen = Pick<CasePhoto, 'id' | 'usage' | 'act_id' | 'missing' | 'refused'>

/** Those the server names, and those taken here that it does not name yet; what lies on this phone is not missing. */
export function photosOf({ truth, own, own_photos }: Pick<ShownCase, 'truth' | 'own' | 'own_photos'>): Seen[] {
  const here = new Set(own_photos.map((photo) => photo.photo_id))
  const named = new Set(truth.photos.map((photo) => photo.id))
  const act_of = (photo_id: string) => own.find((act) => act.photos.includes(photo_id))?.act_id ?? null
  const mine = own_photos
    .filter((photo) => !named.has(photo.photo_id))
    .map(({ photo_id, usage }) => ({ id: photo_id, usage, act_id: act_of(photo_id), missing: false, refused: null }))
  return [...truth.photos.map((photo) => ({ ...photo, missing: photo.missing && !here.has(photo.id) })), ...mine]
}

/** Acts whose photos stand with their words on the timeline. */
export function notesOf({ truth, own }: Pick<ShownCase, 'truth' | 'own'>): string[] {
  const noted = truth.journal.flatMap((line) => (line.kind === 'noted' && line.act_id ? [line.act_id] : []))
  return [...noted, ...own.filter((act) => act.act === 'notes').map((act) => act.act_id)]
}

/** As they are told apart on screen: the problem, what was done, what a check saw. */
export function photoGroups(photos: Seen[], notes: string[]): { kind: PhotoKind; photos: Seen[] }[] {
  const seen = photos.filter((photo) => photo.usage !== 'voice' && !notes.includes(photo.act_id ?? ''))
  const of = (kind: PhotoKind) => ({ kind, photos: seen.filter((photo) => kindOf(photo) === kind) })
  return [of('before'), of('after'), of('check')].filter((group) => group.photos.length > 0)
}

/** What it is called, before it is seen too. */
export function nameOf({ usage }: Pick<Seen, 'usage'>, n: number): string {
  return t('case.photo_of', { usage: word('usage', usage), n: n + 1 })
}

function kindOf({ usage }: Seen): PhotoKind {
  return usage === 'after' || usage === 'check' ? usage : 'before'
}
