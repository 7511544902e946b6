// How a phone's time ends (contracts §10), and what of it the phone remembers to tell its person.
import { remember, rememberIn } from '../local/settings'
import { wipePhone } from '../local/wiping'
import type { Problem } from './problem'

/**
 * `replaced`: it sends what was done before, until `until`. `over`: that time is over. `returned`: given back.
 * `lost`: cut off, and emptied when it heard so.
 */
export interface Ended {
  as: 'replaced' | 'over' | 'returned' | 'lost'
  until?: string
}

declare module '../local/settings' {
  interface Settings {
    ended: Ended
  }
}

/** Which ending a refusal tells of, if any. */
export function endingIn({ code, detail }: Problem): Ended | undefined {
  if (code === 'device_lost') return { as: 'lost' }
  if (code === 'device_replaced') return detail ? { as: 'replaced', until: detail } : { as: 'replaced' }
  if (code === 'device_ended') return { as: detail === 'replaced' ? 'over' : 'returned' }
  return undefined
}

/** Keeps it for the screen; a lost phone is emptied but for this. */
export async function heedEnding(problem: Problem): Promise<void> {
  const ended = endingIn(problem)
  if (ended?.as === 'lost') await wipePhone((rows) => rememberIn(rows, 'ended', ended))
  else if (ended) await remember('ended', ended)
}
