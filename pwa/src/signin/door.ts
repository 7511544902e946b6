import type { Ended } from '../api/ending'
import type { Identity } from '../local/identities'

/** What stands at this phone's door. `here`: who is signed in; `post`: the post's phone that it is. */
export interface Standing {
  here: Identity | undefined
  signed_out: string | undefined
  ended: Ended | undefined
  post: Identity | undefined
}

/** `persons`: whose PIN opens a post's phone. `ended`: a phone that is over says so, and what to do. */
export type Door = 'signin' | 'persons' | 'ended' | 'inside'

const OPEN_WHEN_ENDED = ['outbox', 'me']

export function doorOf({ here, signed_out, ended, post }: Standing, page: string): Door {
  if (page === 'pair') return 'signin'
  if (ended) return here?.person && OPEN_WHEN_ENDED.includes(page) ? 'inside' : 'ended'
  if (here?.person && signed_out === undefined) return 'inside'
  return post ? 'persons' : 'signin'
}
