// Reads a QR code from the camera or from a photo: with the system's own reader where the browser has one.

type Read = (source: HTMLCanvasElement) => Promise<string | undefined>

interface SystemReader {
  detect(source: HTMLCanvasElement): Promise<{ rawValue: string }[]>
}

interface SystemReaders {
  new (options: { formats: string[] }): SystemReader
  getSupportedFormats(): Promise<string[]>
}

const EACH_MS = 150
/** A code of a printed slip fills a third of the picture; more pixels only cost time. */
const VIDEO_SIDE_PX = 720
const PHOTO_SIDES_PX = [1600, 800, 3200]

let reader: Promise<Read> | undefined

/** Watches the camera until a code is read; answers how to stop. Rejects where there is no camera, or none allowed. */
export async function watchCamera(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  const canvas = document.createElement('canvas')
  let stopped = false
  const stop = () => {
    stopped = true
    stream.getTracks().forEach((track) => track.stop())
  }
  const look = async () => {
    if (stopped) return
    if (video.videoWidth > 0) {
      draw(canvas, video, video.videoWidth, video.videoHeight, VIDEO_SIDE_PX)
      const text = await (await theReader())(canvas)
      if (text !== undefined && !stopped) found(text)
    }
    setTimeout(() => void look(), EACH_MS)
  }
  try {
    video.srcObject = stream
    await video.play()
  } catch (error) {
    stop()
    throw error
  }
  void look()
  return stop
}

/** The text of the code on a photo, if there is one. */
export async function readPhoto(file: File): Promise<string | undefined> {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
    const canvas = document.createElement('canvas')
    const read = await theReader()
    for (const side of PHOTO_SIDES_PX) {
      draw(canvas, image, image.naturalWidth, image.naturalHeight, side)
      const text = await read(canvas)
      if (text !== undefined) return text
    }
    return undefined
  } catch {
    return undefined
  } finally {
    URL.revokeObjectURL(image.src)
  }
}

function draw(canvas: HTMLCanvasElement, source: CanvasImageSource, width: number, height: number, side: number): void {
  const scale = Math.min(1, side / Math.max(width, height))
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  canvas.getContext('2d', { willReadFrequently: true })!.drawImage(source, 0, 0, canvas.width, canvas.height)
}

function theReader(): Promise<Read> {
  reader ??= systemReader().then((found) => found ?? ownReader())
  return reader
}

async function systemReader(): Promise<Read | undefined> {
  const known = (window as { BarcodeDetector?: SystemReaders }).BarcodeDetector
  const formats = (await known?.getSupportedFormats().catch(() => [])) ?? []
  if (!known || !formats.includes('qr_code')) return undefined
  const system = new known({ formats: ['qr_code'] })
  // One that is there and does not work (no Google services) leaves the work to ours.
  return async (canvas) => {
    try {
      return (await system.detect(canvas))[0]?.rawValue
    } catch {
      reader = ownReader()
      return (await reader)(canvas)
    }
  }
}

async function ownReader(): Promise<Read> {
  const { default: decode } = await import('qr/decode.js')
  return async (canvas) => {
    const { width, height } = canvas
    try {
      return decode({ width, height, data: canvas.getContext('2d')!.getImageData(0, 0, width, height).data })
    } catch {
      // It throws where it finds none.
      return undefined
    }
  }
}
