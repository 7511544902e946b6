// 投诉建议: written, spoken or photographed; kept and sent as any act, so that it can be made with no network.
import type { Suggestion, SuggestionKind } from '../api/types'
import { OF_A_SUGGESTION } from '../cases/drafts'
import { find, TOPICS, type Finding } from '../checking/findings'
import type { Identity } from '../local/identities'
import { tell } from '../local/watching'
import { keepAct } from '../outbox/keeping'
import { ownActs, sentActs, type Act, type Photo } from '../outbox/rows'
import { isoTime } from '../words/times'
import { word } from '../words/words'

export const KINDS: SuggestionKind[] = ['fault', 'idea', 'complaint']
export const WORDS_MOST = 1000

/** As the server takes them. */
const DETAIL_MOST = 200

/** The app's build and what this phone can do; goes along where its person agreed. */
export interface AppState {
  version: string
  findings: Finding[]
}

/** Found out beside his writing: looking for a place may take its time, and nobody is to wait for it. */
export async function appState(): Promise<AppState> {
  const findings = await Promise.all(TOPICS.filter((topic) => topic !== 'place').map(find))
  return { version: __VERSION__, findings: findings.map((one) => ({ ...one, detail: one.detail.slice(0, DETAIL_MOST) })) }
}

export async function suggest(
  who: Identity,
  { kind, words, photos, app }: { kind: SuggestionKind; words: string; photos: Photo[]; app: AppState | undefined },
): Promise<Act> {
  const extra = { suggestion_kind: kind, note: words || undefined, app }
  const doing = { act: 'suggestions', case_id: null, about: word('suggestion', kind), done_at: isoTime(Date.now()), place: null, photos, extra }
  const act = await keepAct(who, doing, (rows) => rows.remove('drafts', OF_A_SUGGESTION))
  tell('drafts')
  return act
}

/** One's own as the page shows it: what the server knows, below what still waits here. */
export interface Shown {
  id: string
  kind: SuggestionKind
  words: string
  made_at: number
  waiting: boolean
  answer: string | null
  answered_at: number | null
  seen: boolean
}

export async function unsentOnes(): Promise<Act[]> {
  return (await ownActs()).acts.filter((act) => act.act === 'suggestions')
}

/** Those of which the server was told and this phone has heard nothing since. */
export async function sentUnheard(known: Suggestion[]): Promise<boolean> {
  const ids = new Set(known.map((one) => one.id))
  return (await sentActs()).some((act) => act.act === 'suggestions' && !ids.has(act.act_id))
}

export function together(known: Suggestion[], unsent: Act[]): Shown[] {
  const heard = new Set(known.map((one) => one.id))
  const here = unsent.filter((act) => !heard.has(act.act_id)).map(ofAct).sort((a, b) => b.made_at - a.made_at)
  return [...here, ...known.map(ofServer)]
}

function ofAct(act: Act): Shown {
  const body = JSON.parse(act.wire) as { suggestion_kind: SuggestionKind; note?: string }
  return {
    id: act.act_id, kind: body.suggestion_kind, words: body.note ?? '', made_at: act.made_at, waiting: true, answer: null,
    answered_at: null, seen: true,
  }
}

function ofServer(one: Suggestion): Shown {
  return {
    id: one.id, kind: one.kind, words: one.words ?? '', made_at: Date.parse(one.made_at), waiting: false, answer: one.answer,
    answered_at: one.answered_at === null ? null : Date.parse(one.answered_at), seen: one.answer === null || one.seen_at !== null,
  }
}
