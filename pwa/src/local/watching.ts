// Tells every tab, and this one, that rows have changed: a topic and no content; who cares reads the database.

export type Topic = 'bell' | 'deeds' | 'calls' | 'cases' | 'pulled' | 'drafts' | 'outbox' | 'progress' | 'session' | 'suggestions'

type Listener = (topic: Topic) => void

const listeners = new Set<Listener>()
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('moshao') : undefined
if (channel) channel.onmessage = (event: MessageEvent<Topic>) => listeners.forEach((hear) => hear(event.data))

export function tell(topic: Topic): void {
  listeners.forEach((hear) => hear(topic))
  channel?.postMessage(topic)
}

/** Answers how to stop listening. */
export function watch(topics: Topic[], act: (topic: Topic) => void): () => void {
  const hear: Listener = (topic) => {
    if (topics.includes(topic)) act(topic)
  }
  listeners.add(hear)
  return () => listeners.delete(hear)
}
