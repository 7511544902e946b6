import type { Problem } from '../api/problem'
import type { Receipt, Usage } from '../api/types'
import { read, type Rows } from '../local/database'
import { currentPersonIn, type Identity } from '../local/identities'

/** What a person confirmed, as it was signed. It leaves this store for `sent` on a receipt, and in no other way. */
export interface Act {
  /** the order in which things were done; given by the database */
  n?: number
  act_id: string
  case_id: string | null
  /** the URL word, as `closures` */
  act: string
  /** the body's bytes as they were signed, so that no later version of the app words them anew */
  wire: string
  signature: string
  device_id: string
  /** who did it: another person at this phone sees only that something waits */
  person_id: string
  /** for the screen: which case this was, even when it has left the list */
  about: string
  photos: string[]
  made_at: number
  state: 'waiting' | 'parked'
  tries: number
  not_before: number
  /** the server has the words; photos may still be owed */
  told?: { receipt: Receipt; verdict: string }
  problem?: Problem
}

export interface SentAct extends Act {
  sent_at: number
}

export interface Photo {
  photo_id: string
  case_id: string | null
  sha256: string
  length: number
  usage: Usage
  taken_at: number
  source: 'camera' | 'gallery'
  /** of a voice note; photos are JPEG */
  type?: string
  lon?: number
  lat?: number
  accuracy_m?: number
  slices: number
  tries: number
  /** absolute path of the upload, once created */
  location?: string
  /** the server's ETag named exactly these bytes */
  held: boolean
  problem?: Problem
}

/** 256 KiB: small enough for engines that copy what they store. */
export const SLICE_BYTES = 256 * 1024

/** Whoever did them: for those who send and count. */
export function openActs(): Promise<Act[]> {
  return read(['outbox'], (rows) => rows.all<Act>('outbox'))
}

export interface OwnActs {
  acts: Act[]
  /** how many others did */
  others: number
  /** how many of those go without waiting for who did them: a post's phone sends for all */
  others_going: number
}

/** What the person at this phone did himself; of others' only how many. */
export function ownActs(): Promise<OwnActs> {
  return read(['outbox', 'settings', 'identities'], async (rows) => {
    const all = await rows.all<Act>('outbox')
    const acts = await ownIn(rows, all)
    const shared = (await rows.all<Identity>('identities')).filter((one) => one.post).map((one) => one.device_id)
    const others = all.filter((act) => !acts.includes(act))
    return { acts, others: others.length, others_going: others.filter((act) => shared.includes(act.device_id)).length }
  })
}

/** Of this person, the newest first. */
export async function sentActs(): Promise<SentAct[]> {
  const sent = await read(['sent', 'settings', 'identities'], async (rows) => ownIn(rows, await rows.all<SentAct>('sent')))
  return sent.sort((a, b) => b.sent_at - a.sent_at)
}

/** Those of the person at this phone; needs the stores `settings` and `identities`. */
export async function ownIn<Some extends Act>(rows: Rows, acts: Some[]): Promise<Some[]> {
  const person_id = await currentPersonIn(rows)
  return acts.filter((act) => act.person_id === person_id)
}

export function photosOf(act: Act): Promise<Photo[]> {
  return read(['photos'], (rows) => photoRows(rows, act.photos))
}

export async function photoRows(rows: Rows, ids: string[]): Promise<Photo[]> {
  const found: Photo[] = []
  for (const id of ids) {
    const photo = await rows.get<Photo>('photos', id)
    if (photo) found.push(photo)
  }
  return found
}

/** As other programs call it, by what is in it. */
export function fileNameOf({ photo_id, type }: Photo): string {
  return `${photo_id}.${type ? type.replace(/^audio\//, '') : 'jpg'}`
}

export async function putPhoto(rows: Rows, photo: Photo, bytes: ArrayBuffer): Promise<void> {
  await rows.put('photos', photo)
  for (let i = 0; i < photo.slices; i++) {
    await rows.put('slices', bytes.slice(i * SLICE_BYTES, (i + 1) * SLICE_BYTES), [photo.photo_id, i])
  }
}

export async function removePhoto(rows: Rows, photo_id: string): Promise<void> {
  await rows.remove('photos', photo_id)
  await rows.remove('slices', IDBKeyRange.bound([photo_id], [photo_id, Infinity]))
}

/** What was taken on this phone, as long as it is kept here; undefined: another's, or long sent. */
export async function ownBytes(photo_id: string): Promise<ArrayBuffer | undefined> {
  const photo = await read(['photos'], (rows) => rows.get<Photo>('photos', photo_id))
  return photo && photoBytes(photo)
}

export function photoBytes(photo: Photo): Promise<ArrayBuffer> {
  return read(['slices'], async (rows) => {
    const whole = new Uint8Array(photo.length)
    let at = 0
    for (let i = 0; i < photo.slices; i++) {
      const slice = await rows.get<ArrayBuffer>('slices', [photo.photo_id, i])
      if (!slice) break
      whole.set(new Uint8Array(slice), at)
      at += slice.byteLength
    }
    // Short bytes are sent all the same: the server's hash says no, and the person is told, not left waiting.
    return whole.buffer.slice(0, at)
  })
}
