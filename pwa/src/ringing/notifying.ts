import { bell_words } from '../words/bell_words'
import type { BellMessage } from '../api/types'

/** What browsers know beyond the common type: buttons, vibration, ringing again where one takes another's place. */
export interface Options extends NotificationOptions {
  actions?: { action: string; title: string }[]
  renotify?: boolean
  timestamp?: number
  vibrate?: number[]
}

const BUZZ: Record<BellMessage['urgency'], number[]> = {
  normal: [300, 150, 300],
  urgent: [600, 200, 600, 200, 600],
  emergency: [1000, 200, 1000, 200, 1000, 200, 1000],
}

/** `quiet`: without a sound, for a page on the screen makes its own, or this was heard before. */
export function optionsFor(message: BellMessage, quiet: boolean): Options {
  const words = bell_words[message.language ?? 'zh']
  return {
    body: message.body,
    tag: message.tag,
    data: message,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    lang: message.language === 'en' ? 'en' : 'zh-CN',
    timestamp: Date.parse(message.at),
    actions: (message.actions ?? []).map((action) => ({ action, title: words[action] })),
    // What waits for somebody stays until he has seen it.
    requireInteraction: message.urgency !== 'normal' || message.actions !== undefined,
    renotify: !quiet,
    // A quiet one may not name a vibration: browsers throw.
    ...(quiet ? { silent: true } : { vibrate: BUZZ[message.urgency] }),
  }
}
