// Sends what has waited long enough, in order for each case, from one tab at a time.
import type { Answer } from '../../api/asking'
import type { ActAnswer } from '../../api/types'
import { afterProblem } from '../../outbox/deciding'
import { askHere, me } from '../shell/session'
import { amend, deeds, hurry, putAway, type Deed } from './deeds'

const LOOK_MS = 400
const AT_ONCE = 4
const RETRY_MS = 3_000
const RETRY_MOST_MS = 60_000

type Told = (deed: Deed, done: boolean) => void

const listeners = new Set<Told>()
let sending: Promise<void> | undefined

/** Hears of each deed that the server has taken, or refused for good; answers how to stop. */
export function onSent(told: Told): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}

/** Looks again and again while somebody sits here; answers how to stop. */
export function keepSending(): () => void {
  const timer = setInterval(() => void sendDue(), LOOK_MS)
  return () => clearInterval(timer)
}

/** Everything of his goes now; he leaves. What the server does not take at once stays for his next time here. */
export async function sendAll(person_id: string): Promise<void> {
  await hurry(person_id)
  await sendDue()
}

export function sendDue(): Promise<void> {
  if (due(deeds.value, me.value?.person.id, Date.now()).length === 0) return Promise.resolve()
  sending ??= inOneTab(sendUntilDone).finally(() => (sending = undefined))
  return sending
}

async function inOneTab(work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request('desk-sending', work)
  else await work()
}

async function sendUntilDone(): Promise<void> {
  for (;;) {
    const now = due(deeds.value, me.value?.person.id, Date.now()).slice(0, AT_ONCE)
    if (now.length === 0) return
    await Promise.all(now.map(send))
  }
}

/** What may go: his own, its time has come, and nothing earlier about its case still waits. */
export function due(kept: Deed[], person_id: string | undefined, now: number): Deed[] {
  const held_up = new Set<string>()
  const found: Deed[] = []
  for (const deed of kept) {
    if (deed.person_id !== person_id || deed.refused) continue
    if (deed.sends_at <= now && !held_up.has(deed.case_id)) found.push(deed)
    held_up.add(deed.case_id)
  }
  return found
}

async function send(deed: Deed): Promise<void> {
  await amend(deed.act_id, { tries: deed.tries + 1 })
  const path = `/api/cases/${deed.case_id}/${deed.act}/${deed.act_id}`
  const answer = await askHere<ActAnswer>(path, { method: 'PUT', body: JSON.stringify(deed.body) })
  if (isTaken(answer, deed)) {
    await putAway(deed.act_id)
    tell(deed, true)
  } else if (answer.kind === 'problem' && afterProblem(answer.problem, answer.headers).to === 'parked') {
    await amend(deed.act_id, { refused: sentenceOf(answer.problem) })
    tell(deed, false)
  } else {
    await amend(deed.act_id, { sends_at: Date.now() + Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** deed.tries) })
  }
}

function isTaken(answer: Answer<ActAnswer>, deed: Deed): boolean {
  return answer.kind === 'ok' && answer.body?.receipt?.act_id === deed.act_id
}

function sentenceOf({ title, detail }: { title: string; detail?: string | undefined }): string {
  return detail && detail !== title ? `${title}（${detail}）` : title
}

function tell(deed: Deed, done: boolean): void {
  for (const told of listeners) told(deed, done)
}
