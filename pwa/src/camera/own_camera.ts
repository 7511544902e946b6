// The camera inside the page: the only one that can lay the photo from before over what the lens sees.
import { remember, setting } from '../local/settings'

declare module '../local/settings' {
  interface Settings {
    /** which camera this person used last; `own` opens by itself where he stands at the place */
    camera: 'own' | 'system'
  }
}

const LONG_SIDE_PX = 1920
const JPEG_QUALITY = 0.92

/** Whether this phone has a lens that a page may be given. Asks nobody. */
export async function hasOwnCamera(): Promise<boolean> {
  if (!navigator.mediaDevices?.getUserMedia) return false
  const found = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  return found.some((device) => device.kind === 'videoinput')
}

/** Only where he used it before and it was allowed for good: nobody's camera goes on unasked. */
export async function opensByItself(): Promise<boolean> {
  if ((await setting('camera')) !== 'own' || !(await hasOwnCamera())) return false
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state === 'granted'
  } catch {
    return false
  }
}

export async function preferCamera(which: 'own' | 'system'): Promise<void> {
  if ((await setting('camera')) !== which) await remember('camera', which)
}

/** The lens at the back. Rejects with what the browser says. */
export function openLens(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: 'environment' }, width: { ideal: LONG_SIDE_PX }, height: { ideal: (LONG_SIDE_PX / 4) * 3 } },
  })
}

/** What the lens sees now, whole, though the screen shows a part of it. */
export async function shoot(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')!.drawImage(video, 0, 0)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
  if (!blob) throw new DOMException('not encoded', 'EncodingError')
  return new File([blob], 'shot.jpg', { type: blob.type, lastModified: Date.now() })
}
