// What the app takes of this phone, and what it has sent: counted from its own rows.
import { photoLimits } from '../camera/taking'
import { read } from '../local/database'
import { forgetSeenPhotos } from '../local/seen_photos'
import { roomMb } from '../outbox/room'
import type { Photo } from '../outbox/rows'

const WEEK_MS = 7 * 86_400_000
const MB = 1_048_576

export interface Stored {
  /** megabytes; undefined where the browser does not say */
  used: number | undefined
  free: number | undefined
  safe: boolean
  /** cases that open with no network */
  cases: number
  /** photos that are still to go, and those the server acknowledged in the last seven days */
  waiting: Photos
  sent: Photos
}

export interface Photos {
  count: number
  mb: string
}

export async function stored(now = Date.now()): Promise<Stored> {
  const room = await roomMb()
  const { cases, photos } = await read(['cases', 'photos'], async (rows) => ({
    cases: await rows.count('cases'),
    photos: await rows.all<Photo>('photos'),
  }))
  return {
    used: room && room.whole - room.free,
    free: room?.free,
    safe: room?.safe === true,
    cases,
    waiting: sumOf(photos.filter((one) => !one.held)),
    sent: sumOf(photos.filter((one) => one.held && one.taken_at > now - WEEK_MS)),
  }
}

export function sumOf(photos: Pick<Photo, 'length'>[]): Photos {
  const bytes = photos.reduce((sum, one) => sum + one.length, 0)
  return { count: photos.length, mb: (bytes / MB).toFixed(1) }
}

/** Pictures that were only looked at come again when they are wanted; what he took himself stays. */
export async function clearSeen(): Promise<void> {
  await forgetSeenPhotos()
}

export async function photoSize(): Promise<{ px: number; kb: number }> {
  const { longest_px, most_bytes } = await photoLimits()
  return { px: longest_px, kb: Math.round(most_bytes / 1024) }
}
