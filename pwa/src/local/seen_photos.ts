/** The worker keeps photos that were looked at under this name. */
export const SEEN_PHOTOS = 'photos'

/** Answers whether there were any. */
export async function forgetSeenPhotos(): Promise<boolean> {
  return 'caches' in globalThis && (await caches.delete(SEEN_PHOTOS))
}
