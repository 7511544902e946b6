// What somebody decided here. It stays on this desk for ten seconds, on disk, so that it can be taken back even after
// the page was loaded anew; only then is it sent, and it stays until the server has it or has said why not.
import { shallowRef } from 'vue'
import { serverNow } from '../../api/clock'
import { change, read, type Rows } from '../../local/database'
import { newId } from '../../local/ids'
import { tell, watch } from '../../local/watching'
import { isoTime } from '../../words/times'

export interface Deed {
  act_id: string
  /** decided in one go, taken back in one go */
  group: string
  person_id: string
  case_id: string
  /** the URL word, as `reviews` */
  act: string
  body: Record<string, unknown>
  /** 「通过」 */
  says: string
  /** 「宛城〔2026〕00012 暴露垃圾」 */
  about: string
  /** ms on this computer's clock */
  sends_at: number
  tries: number
  /** the server's sentence: it will not be done */
  refused?: string | undefined
}

export interface Decision {
  case_id: string
  about: string
  act: string
  extra?: Record<string, unknown>
}

declare module '../../local/settings' {
  interface Settings {
    deeds: Deed[]
  }
}

export const UNDO_MS = 10_000

/** All that lies on this desk, the oldest first; of everybody who sat here. */
export const deeds = shallowRef<Deed[]>([])

export async function startDeeds(): Promise<void> {
  watch(['deeds'], () => void reread())
  await reread()
}

/** Keeps them; done when they are on disk. */
export async function decide(person_id: string, decisions: Decision[], says: string): Promise<void> {
  const group = newId()
  const done_at = isoTime(serverNow())
  const made = decisions.map(({ case_id, about, act, extra }): Deed => ({
    act_id: newId(),
    group,
    person_id,
    case_id,
    act,
    body: { done_at, ...extra },
    says,
    about,
    sends_at: Date.now() + UNDO_MS,
    tries: 0,
  }))
  await rewrite((kept) => [...kept, ...made])
}

/** The newest that can still be taken back, as they were decided together. */
export function undoable(kept: Deed[], person_id: string, now: number): Deed[] {
  const open = kept.filter((deed) => deed.person_id === person_id && !deed.refused && deed.tries === 0 && deed.sends_at > now)
  const last = open[open.length - 1]
  return last ? open.filter(({ group }) => group === last.group) : []
}

/** Takes back what was decided last; answers it. */
export async function undoLast(person_id: string): Promise<Deed[]> {
  let taken: Deed[] = []
  await rewrite((kept) => {
    taken = undoable(kept, person_id, Date.now())
    return kept.filter((deed) => !taken.includes(deed))
  })
  return taken
}

/** Takes this one out: the server has it, or its person has read why not. */
export function putAway(act_id: string): Promise<void> {
  return rewrite((kept) => kept.filter((deed) => deed.act_id !== act_id))
}

export function amend(act_id: string, changes: Partial<Deed>): Promise<void> {
  return rewrite((kept) => kept.map((deed) => (deed.act_id === act_id ? { ...deed, ...changes } : deed)))
}

/** Nothing waits any longer: its person leaves. */
export function hurry(person_id: string): Promise<void> {
  return rewrite((kept) => kept.map((deed) => (deed.person_id === person_id ? { ...deed, sends_at: Math.min(deed.sends_at, Date.now()) } : deed)))
}

async function rewrite(changed: (kept: Deed[]) => Deed[]): Promise<void> {
  await change(['settings'], async (rows) => rows.put('settings', changed(await keptIn(rows)), 'deeds'))
  tell('deeds')
}

async function reread(): Promise<void> {
  deeds.value = await read(['settings'], keptIn)
}

async function keptIn(rows: Rows): Promise<Deed[]> {
  return (await rows.get<Deed[]>('settings', 'deeds')) ?? []
}
