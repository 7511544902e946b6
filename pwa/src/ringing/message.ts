import type { BellMessage } from '../api/types'

/** undefined: these are no words of our server. */
export function messageFrom(text: string | undefined): BellMessage | undefined {
  try {
    const said = JSON.parse(text ?? '') as Partial<BellMessage>
    return said.delivery_id && said.title && said.tag && said.url?.startsWith('/') ? (said as BellMessage) : undefined
  } catch {
    return undefined
  }
}

/** Whether `one` happened before `other`, or is the same: pushes overtake each other, and come twice now and then. */
export function isNoNews(one: BellMessage, other: BellMessage): boolean {
  return one.delivery_id === other.delivery_id || Date.parse(one.at) < Date.parse(other.at)
}
