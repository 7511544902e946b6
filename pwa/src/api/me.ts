import type { Identity } from '../local/identities'
import { remember, setting } from '../local/settings'
import { tell } from '../local/watching'
import { askAs } from './renewing'
import type { Me } from './types'

declare module '../local/settings' {
  interface Settings {
    /** what the server said last about this person and his district's settings */
    me: Me
  }
}

/** Who is signed in, as it was last heard; works with no network. */
export function knownMe(): Promise<Me | undefined> {
  return setting('me')
}

/** Asks again where role, unit, duty or settings may have changed. */
export async function refreshMe(who: Identity): Promise<void> {
  const answer = await askAs<Me>(who, '/api/me')
  if (answer.kind !== 'ok' || answer.body?.person?.id !== who.person?.id) return
  await remember('me', answer.body)
  tell('session')
}
