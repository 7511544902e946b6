/** An engine that still reads a picture when its screen is left would call it broken, were its bytes gone at once. */
const KEPT_MS = 10_000

/** An address for bytes that lie on this phone; `letGo` of it when it is shown no more. */
export function pictureOf(bytes: ArrayBuffer): string {
  return URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }))
}

/** Of any other address as well: there is nothing to let go of then. */
export function letGo(url: string): void {
  if (url.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
