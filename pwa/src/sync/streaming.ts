import { untilHeLeaves } from '../api/stay'

/** What the open stream tells: changes have come, or the server can be reached again. */
export interface Heard {
  changed(): void
  /** there is something to ring for */
  rang?(): void
  connected(): void
  lost(): void
}

const REOPEN_MS = 15_000

/** Listens while the page is visible; answers how to stop. The browser itself reconnects with the last id. */
export function listen(heard: Heard): () => void {
  let stream: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const open = () => {
    close()
    if (document.hidden) return
    stream = new EventSource('/api/stream')
    stream.onopen = () => heard.connected()
    stream.addEventListener('changes', () => heard.changed())
    stream.addEventListener('ring', () => heard.rang?.())
    stream.onerror = () => {
      heard.lost()
      // A refused stream (a session over, a proxy's page) is closed for good by the browser: look again later.
      if (stream?.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MS)
    }
  }
  const close = () => {
    clearTimeout(timer)
    stream?.close()
    stream = undefined
  }

  const stop = () => {
    document.removeEventListener('visibilitychange', open)
    close()
  }

  document.addEventListener('visibilitychange', open)
  untilHeLeaves().addEventListener('abort', stop)
  open()
  return stop
}
