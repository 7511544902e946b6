export function urlOf(photo_id: string, size: 'screen' | 'thumb' | 'original' | 'stamped' = 'screen'): string {
  return `/api/photos/${photo_id}?size=${size}`
}
