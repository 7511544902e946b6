// Photos of the next cases are fetched and decoded before anybody asks, so that a key shows them at once.
import type { ReviewDocument } from '../../api/types'
import { urlOf } from '../parts/photo_url'

const KEPT = 60
const held = new Map<string, HTMLImageElement>()

export function fetchAhead(documents: ReviewDocument[]): void {
  for (const { case: one } of documents) {
    for (const photo of one.photos) if (!photo.missing && !photo.refused && photo.usage !== 'voice') hold(photo.id)
  }
  for (const id of [...held.keys()].slice(0, -KEPT)) held.delete(id)
}

function hold(id: string): void {
  const known = held.get(id)
  if (known) {
    // The newest stand last.
    held.delete(id)
    held.set(id, known)
    return
  }
  const image = new Image()
  image.src = urlOf(id)
  held.set(id, image)
  image.decode().catch(() => undefined)
}
