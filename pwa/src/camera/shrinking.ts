import { attempts, type Attempt, type Limits, type Size } from './sizing'

type Drawing = Pick<CanvasRenderingContext2D, 'drawImage' | 'fillRect' | 'fillStyle'>

export interface Canvas {
  draw(source: CanvasImageSource, size: Size): void
  jpeg(quality: number): Promise<Blob>
}

/** Draws and encodes until the bytes fit; the last try is taken as it is. */
export async function shrink(source: CanvasImageSource, original: Size, limits: Limits, canvas: Canvas): Promise<Blob> {
  let last: Blob | undefined
  let drawn: Size = { width: 0, height: 0 }
  for (const attempt of attempts(original, limits)) {
    if (isOther(drawn, attempt)) canvas.draw(source, attempt)
    drawn = attempt
    last = await canvas.jpeg(attempt.quality)
    if (last.size <= limits.most_bytes) break
  }
  if (!last) throw new Error('nothing drawn')
  return last
}

/** Transparent pixels would turn black in a JPEG. */
export function paint(context: Drawing, source: CanvasImageSource, { width, height }: Size): void {
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(source, 0, 0, width, height)
}

function isOther(drawn: Size, next: Attempt): boolean {
  return drawn.width !== next.width || drawn.height !== next.height
}
