// What was answered, as this phone heard last: readable with no network. Only who is waiting for an answer asks for it.
import { askAs } from '../api/renewing'
import type { Suggestion } from '../api/types'
import { change, read } from '../local/database'
import type { Identity } from '../local/identities'
import { tell } from '../local/watching'
import { sentUnheard } from './suggesting'

declare module '../local/settings' {
  interface Settings {
    /** as last heard; of whom, for the next person at this phone must not see it */
    suggestions: { of: string; list: Suggestion[] }
  }
}

export function knownSuggestions(who: Identity): Promise<Suggestion[]> {
  return read(['settings'], async (rows) => {
    const kept = await rows.get<{ of: string; list: Suggestion[] }>('settings', 'suggestions')
    return kept && kept.of === who.person?.id ? kept.list : []
  })
}

/** How many answers he has not read. */
export async function unreadAnswers(who: Identity): Promise<number> {
  return (await knownSuggestions(who)).filter(isUnread).length
}

/** Asks the server; whether it could be heard. */
export async function refreshSuggestions(who: Identity): Promise<boolean> {
  const answer = await askAs<{ suggestions: Suggestion[] }>(who, '/api/suggestions')
  if (answer.kind !== 'ok' || !Array.isArray(answer.body?.suggestions)) return false
  await keep(who, answer.body.suggestions)
  return true
}

/** The same for who waits for an answer, and for nobody else. */
export async function lookForAnswers(who: Identity): Promise<void> {
  const known = await knownSuggestions(who)
  if (known.some((one) => one.answer === null) || (await sentUnheard(known))) await refreshSuggestions(who)
}

/** He has them before him; told to the server, who else would count them as news on his other phone. */
export async function markRead(who: Identity): Promise<void> {
  const known = await knownSuggestions(who)
  const unread = known.filter(isUnread)
  if (unread.length === 0) return
  const told = await Promise.all(unread.map((one) => askAs(who, `/api/suggestions/${one.id}/seen`, { method: 'PUT' })))
  const seen = new Set(unread.filter((_, n) => told[n]?.kind === 'ok').map((one) => one.id))
  const now = new Date().toISOString()
  await keep(who, known.map((one) => (seen.has(one.id) ? { ...one, seen_at: now } : one)))
}

function isUnread(one: Suggestion): boolean {
  return one.answer !== null && one.seen_at === null
}

async function keep(who: Identity, list: Suggestion[]): Promise<void> {
  await change(['settings'], (rows) => rows.put('settings', { of: who.person?.id, list }, 'suggestions'))
  tell('suggestions')
}
