// Who sits at this desk. A desk has no key: its session is the cookie alone, and ends when nobody used it for a while.
import { shallowRef } from 'vue'
import { ask, type Answer, type Request } from '../../api/asking'
import type { Me, SessionAnswer } from '../../api/types'
import { forgetSeenPhotos } from '../../local/seen_photos'
import { forget, remember, setting } from '../../local/settings'
import { t } from '../../words/words'

declare module '../../local/settings' {
  interface Settings {
    /** somebody signed in at this desk and has not left it: worth asking whether his session still stands */
    at_desk: true
  }
}

export type Role = Me['person']['role']

/** undefined: not asked yet; null: nobody. */
export const me = shallowRef<Me | null>()
/** Why the last session ended, in words; it stands over the sign-in. */
export const ended = shallowRef('')

const AT_DESKS: Role[] = ['supervisor', 'unit_operator', 'leader', 'admin']

export function worksAtDesk(role: Role): boolean {
  return AT_DESKS.includes(role)
}

const under_way = new Set<Promise<unknown>>()

/** As `ask`, while somebody sits here; a session that is over brings the sign-in. */
export async function askHere<T>(path: string, request: Request = {}): Promise<Answer<T>> {
  if (!me.value) return { kind: 'silence' }
  const asked = ask<T>(path, request)
  under_way.add(asked)
  const answer = await asked.finally(() => under_way.delete(asked))
  if (answer.kind === 'problem' && answer.status === 401 && me.value) {
    ended.value = answer.problem.title
    me.value = null
  }
  return answer
}

/** Who is signed in already; with no server the sign-in says so when it is tried. */
export async function arrive(): Promise<void> {
  const was_here = await setting('at_desk').catch(() => undefined)
  me.value = was_here ? await whoAmI() : null
}

async function whoAmI(): Promise<Me | null> {
  const answer = await ask<Me>('/api/me')
  return answer.kind === 'ok' ? answer.body : null
}

/** A sentence where it did not work. */
export async function signIn(staff_no: string, password: string): Promise<string | undefined> {
  const body = JSON.stringify({ staff_no, password })
  const answer = await ask<SessionAnswer>('/api/sessions', { method: 'POST', body })
  if (answer.kind === 'silence') return t('signin.no_network')
  if (answer.kind === 'problem') return answer.problem.title
  if (!worksAtDesk(answer.body.person.role)) {
    await ask('/api/sessions/current', { method: 'DELETE' })
    return t('desk.field_role', { name: answer.body.person.name })
  }
  ended.value = ''
  await remember('at_desk', true)
  me.value = await whoAmI()
  return me.value ? undefined : t('signin.no_network')
}

/**
 * What is being asked for is let through first, so that nobody is told that his session is over; the sign-in stands
 * there once it is, so that a page loaded anew at once does not find it open.
 */
export async function signOut(): Promise<void> {
  ended.value = ''
  me.value = undefined
  await Promise.allSettled(under_way)
  await ask('/api/sessions/current', { method: 'DELETE' })
  await Promise.all([forget('at_desk'), forgetSeenPhotos()])
  me.value = null
}
