import type { Answer } from '../api/asking'
import { serverNow } from '../api/clock'
import { endingIn, heedEnding } from '../api/ending'
import { knownMe, refreshMe } from '../api/me'
import type { Problem } from '../api/problem'
import { askAs } from '../api/renewing'
import type { Case, Changes } from '../api/types'
import { change, read, type Rows } from '../local/database'
import { currentIdentity, currentPersonIn, type Identity } from '../local/identities'
import { remember, rememberIn, setting, type Settings } from '../local/settings'
import { tell } from '../local/watching'
import { offerAgain } from '../outbox/offering'
import type { Act } from '../outbox/rows'

/** `portal`: the network wants a sign-in of its own first. `left`: he for whom it was asked is at this phone no more. */
export type Pulled = 'fresh' | 'silence' | 'portal' | 'signed_out' | 'left' | { refused: Problem }

type Cursor = Settings['cursor']

let pulling: Promise<Pulled> | undefined
let again = false

/** Reads all changes since the last time; calls that come meanwhile make it look once more. */
export function pullChanges(): Promise<Pulled> {
  if (pulling) {
    again = true
    return pulling
  }
  pulling = pullUntilDone().finally(() => (pulling = undefined))
  return pulling
}

async function pullUntilDone(): Promise<Pulled> {
  let pulled: Pulled
  do {
    again = false
    pulled = await pull()
  } while (again && (pulled === 'fresh' || pulled === 'left'))
  return pulled
}

async function pull(): Promise<Pulled> {
  const who = await currentIdentity()
  if (!who) return 'signed_out'
  for (;;) {
    const cursor = await knownCursor()
    const answer = await askAs<Changes>(who, `/api/changes?${cursorWords(cursor)}`)
    if (answer.kind !== 'ok') return failed(who, answer)
    const page = answer.body
    if (!Array.isArray(page?.cases)) return 'silence'
    const restored = cursor !== undefined && cursor.epoch !== page.epoch
    if (restored) await offerAgain()
    if ((restored || page.reset) && cursor && cursor.seq > 0) {
      await startAnew(page, cursor.pulled_at)
      continue
    }
    const kept = await keepPage(who, page, cursor)
    if (kept === 'left') return 'left'
    // Where nothing is new, nobody has to read three hundred cases again.
    tell(page.cases.length || page.gone.length || page.nearby?.length ? 'cases' : 'pulled')
    if (cursor?.roster !== page.roster || !(await knownMe())) await refreshMe(who)
    if (!page.more && kept === 'whole') return 'fresh'
  }
}

async function failed(who: Identity, answer: Answer<Changes>): Promise<Pulled> {
  if (!(await isHere(who))) return 'left'
  if (answer.kind !== 'problem') return answer.kind === 'silence' && answer.portal ? 'portal' : 'silence'
  await heedEnding(answer.problem)
  if (answer.status !== 401) {
    if (endingIn(answer.problem)) tell('session')
    return { refused: answer.problem }
  }
  if (answer.problem.code !== 'device_lost') await remember('signed_out', answer.problem.code)
  tell('session')
  return 'signed_out'
}

/** How far this phone has read, where what it read still lies here: a browser short of room may have taken rows away. */
function knownCursor(): Promise<Cursor | undefined> {
  return read(['cases', 'settings'], async (rows) => {
    const cursor = await rows.get<Cursor>('settings', 'cursor')
    if (!cursor || (await rows.count('cases')) >= (cursor.kept ?? 0)) return cursor
    return { ...cursor, seq: 0 }
  })
}

async function isHere(who: Identity): Promise<boolean> {
  return (await currentIdentity())?.person?.id === who.person?.id
}

/**
 * A page and its cursor in one transaction: whatever dies in between, nothing is skipped. `left`: somebody else is at this
 * phone by now, and nothing is kept. `short`: rows were taken away while the page was asked for, so all is read again.
 */
function keepPage(who: Identity, page: Changes, before: Cursor | undefined): Promise<'whole' | 'short' | 'left'> {
  return change(['cases', 'nearby', 'settings', 'outbox', 'drafts', 'identities'], async (rows) => {
    if ((await currentPersonIn(rows)) !== who.person?.id) return 'left'
    const is_short = before !== undefined && before.seq > 0 && (await rows.count('cases')) < (before.kept ?? 0)
    // From the very start the list is whole: what is not in it has left.
    if (before === undefined || before.seq === 0) await forgetOthers(rows, page)
    for (const id of page.gone) await letGo(rows, id)
    for (const one of page.cases) await rows.put('cases', one)
    for (const one of page.nearby ?? []) await rows.put('nearby', one)
    const { epoch, seq, roster, until } = page
    const kept = await rows.count('cases')
    await rememberIn(rows, 'cursor', { epoch, seq: is_short ? 0 : seq, roster, until, pulled_at: serverNow(), kept })
    return is_short ? 'short' : 'whole'
  })
}

async function forgetOthers(rows: Rows, page: Changes): Promise<void> {
  const ids = new Set(page.cases.map((one) => one.id))
  await rows.clear('nearby')
  for (const key of await rows.keys('cases')) {
    if (!ids.has(key as string)) await letGo(rows, key as string)
  }
}

/** A case that left stays visible while something done on it here is not yet on the server. */
async function letGo(rows: Rows, id: string): Promise<void> {
  await rows.remove('nearby', id)
  const known = await rows.get<Case>('cases', id)
  if (!known) return
  const acts = await rows.all<Act>('outbox')
  const busy = acts.some((act) => act.case_id === id) || (await rows.get('drafts', id)) !== undefined
  if (busy) await rows.put('cases', { ...known, gone: true })
  else await rows.remove('cases', id)
}

async function startAnew({ epoch, roster }: Changes, pulled_at: number): Promise<void> {
  await change(['settings'], (rows) => rememberIn(rows, 'cursor', { epoch, seq: 0, roster, until: 0, pulled_at }))
}

/** Said back as it was told, so that the server needs no memory of this phone. */
function cursorWords(cursor: Cursor | undefined): string {
  if (!cursor || cursor.seq === 0) return 'after=0'
  const { seq, epoch, roster, until } = cursor
  return new URLSearchParams({ after: String(seq), epoch, roster: String(roster), until: String(until) }).toString()
}

/** When the list was last known to be true; ms, undefined: never. */
export async function pulledAt(): Promise<number | undefined> {
  const cursor = await setting('cursor')
  return cursor?.pulled_at || undefined
}
