// A voice note: one tap to begin, one to end, a minute at most. The container is whichever this engine can make.

/** The server takes 60 s; a timer that fires late must not cost the note. */
export const LONGEST_MS = 58_000
const BITS_PER_SECOND = 24_000
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm']

export interface Recorded {
  bytes: ArrayBuffer
  /** without parameters: `audio/webm` */
  type: string
}

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && navigator.mediaDevices?.getUserMedia !== undefined
}

/** The first container that may be made here and that the server can read. */
export function typeToRecord(is_supported: (type: string) => boolean): string | undefined {
  return TYPES.find(is_supported)
}

/** One recording. `ended` settles when it was stopped, by a person or by its length. */
export class Recording {
  private readonly parts: Blob[] = []
  private readonly timer: ReturnType<typeof setTimeout>
  readonly ended: Promise<Recorded>

  private constructor(
    private readonly recorder: MediaRecorder,
    private readonly stream: MediaStream,
  ) {
    this.ended = new Promise((resolve, reject) => {
      recorder.ondataavailable = ({ data }) => this.parts.push(data)
      recorder.onerror = () => reject(new DOMException('recording failed', 'InvalidStateError'))
      recorder.onstop = () => void this.whole().then(resolve, reject)
    })
    recorder.start()
    this.timer = setTimeout(() => this.stop(), LONGEST_MS)
  }

  /** Asks for the microphone. Rejects with what the browser says: NotAllowedError, NotFoundError. */
  static async start(): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    const mimeType = typeToRecord((type) => MediaRecorder.isTypeSupported(type))
    const wish = { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType ? { mimeType } : {}) }
    return new Recording(new MediaRecorder(stream, wish), stream)
  }

  stop(): void {
    clearTimeout(this.timer)
    if (this.recorder.state !== 'inactive') this.recorder.stop()
    this.stream.getTracks().forEach((track) => track.stop())
  }

  private async whole(): Promise<Recorded> {
    const type = this.recorder.mimeType.split(';')[0]!
    return { bytes: await new Blob(this.parts).arrayBuffer(), type }
  }
}
