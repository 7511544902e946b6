import { ownBytes } from '../outbox/rows'
import { letGo, pictureOf } from '../ui/pictures'

/** Pinch and swipe through photos; its code comes only when somebody looks closer. */
export async function enlarge(photos: { id: string }[], start: number): Promise<void> {
  const { showImagePreview } = await import('./preview')
  const images = await Promise.all(photos.map(sourceOf))
  showImagePreview({ images, startPosition: start, onClose: () => images.forEach(letGo) })
}

/** From this phone where it was taken here, else from the server or what was seen before. */
export async function sourceOf({ id }: { id: string }): Promise<string> {
  const bytes = await ownBytes(id)
  return bytes ? pictureOf(bytes) : `/api/photos/${id}?size=screen`
}
