// A phone that is full: new evidence counts for more than what the server has as well.
import { change, isNamed } from '../local/database'
import { forgetSeenPhotos } from '../local/seen_photos'
import { photoRows, removePhoto, type SentAct } from './rows'

/** Runs `keep`; while the phone is full, lets go of what the server has too, and tries again. */
export async function makingRoom<T>(keep: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await keep()
    } catch (error) {
      if (!isNamed(error, 'QuotaExceededError') || !(await letGoOfSome())) throw error
    }
  }
}

/** Free megabytes of what the browser gives us; undefined where it does not say. */
export async function roomMb(): Promise<{ free: number; whole: number; safe: boolean } | undefined> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {}
  if (!quota) return undefined
  const safe = (await navigator.storage.persisted?.()) === true
  return { free: Math.round((quota - (usage ?? 0)) / 1_048_576), whole: Math.round(quota / 1_048_576), safe }
}

/** Photos that were only looked at, then those of what was sent longest ago. Answers whether there was anything. */
async function letGoOfSome(): Promise<boolean> {
  if (await forgetSeenPhotos()) return true
  // Nothing is written here: on a phone that is full even a word might fail.
  return change(['sent', 'photos', 'slices'], async (rows) => {
    const sent = (await rows.all<SentAct>('sent')).sort((a, b) => a.sent_at - b.sent_at)
    for (const act of sent) {
      const photos = await photoRows(rows, act.photos)
      for (const { photo_id } of photos) await removePhoto(rows, photo_id)
      if (photos.length > 0) return true
    }
    return false
  })
}
