// The red call list: whom no bell reached, to be dialled by hand. It is readable with no network, and what was told
// then goes to the server later.
import { askAs } from '../api/renewing'
import type { CallList, Unreached } from '../api/types'
import { change, read } from '../local/database'
import type { Identity } from '../local/identities'
import { newId } from '../local/ids'
import { tell } from '../local/watching'

interface Told {
  id: string
  alert_id: string
  person_id: string
}

declare module '../local/settings' {
  interface Settings {
    /** as last heard; of whom, for the next person at this phone must not see it */
    call_list: { of: string; unreached: Unreached[] }
    /** 「已电话通知」 that the server has not heard yet */
    calls_told: { of: string; told: Told[] }
  }
}

const RANK: Unreached['urgency'][] = ['emergency', 'urgent', 'normal']

/** What is still to be called, the most urgent first; undefined: never heard. */
export function knownCalls(who: Identity): Promise<Unreached[] | undefined> {
  return read(['settings'], async (rows) => {
    const list = await rows.get<{ of: string; unreached: Unreached[] }>('settings', 'call_list')
    const { told } = await toldIn(rows, who)
    if (list?.of !== who.person?.id) return undefined
    const done = new Set(told.map((one) => one.alert_id))
    return inOrder(list!.unreached.filter((one) => !done.has(one.alert_id)))
  })
}

export function inOrder(unreached: Unreached[]): Unreached[] {
  return [...unreached].sort((a, b) => RANK.indexOf(a.urgency) - RANK.indexOf(b.urgency) || Date.parse(a.since) - Date.parse(b.since))
}

/** Tells what waits, then asks anew; false: the server can't be reached. */
export async function refreshCalls(who: Identity): Promise<boolean> {
  if (!(await tellServer(who))) return false
  const answer = await askAs<CallList>(who, '/api/call_list')
  if (answer.kind === 'ok' && Array.isArray(answer.body?.unreached)) {
    await change(['settings'], (rows) => rows.put('settings', { of: who.person?.id, unreached: answer.body.unreached }, 'call_list'))
    tell('calls')
  }
  return answer.kind !== 'silence'
}

/** Kept at once; the server hears it now if it can. */
export async function tellCalled(who: Identity, alert_id: string, person_id: string): Promise<boolean> {
  await edit(who, (told) => [...told, { id: newId(), alert_id, person_id }])
  tell('calls')
  return refreshCalls(who)
}

async function tellServer(who: Identity): Promise<boolean> {
  const { told } = await read(['settings'], (rows) => toldIn(rows, who))
  for (const { id, alert_id, person_id } of told) {
    const answer = await askAs(who, `/api/calls/${id}`, { method: 'PUT', body: JSON.stringify({ alert_id, person_id }) })
    if (answer.kind === 'silence' || (answer.kind === 'problem' && answer.problem.retry)) return false
    await edit(who, (all) => all.filter((one) => one.id !== id))
  }
  return true
}

type Rows = Parameters<Parameters<typeof read>[1]>[0]

async function toldIn(rows: Rows, who: Identity): Promise<{ of: string; told: Told[] }> {
  const kept = await rows.get<{ of: string; told: Told[] }>('settings', 'calls_told')
  return kept && kept.of === who.person?.id ? kept : { of: who.person?.id ?? '', told: [] }
}

async function edit(who: Identity, work: (told: Told[]) => Told[]): Promise<void> {
  await change(['settings'], async (rows) => {
    const { of, told } = await toldIn(rows, who)
    await rows.put('settings', { of, told: work(told) }, 'calls_told')
  })
}
