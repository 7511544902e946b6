// What the page of deliveries shows, kept in the address; and what became of them, as the server tells it.
import type { Answer } from '../../api/asking'
import type { components } from '../../api/schema'
import { t, word } from '../../words/words'
import { askHere } from '../shell/session'

type Schemas = components['schemas']
export type Delivery = Schemas['DeliveryView']
export type DeliveryList = Schemas['DeliveryList']
export type DeliveryCount = Schemas['DeliveryCount']
export type DeliveryCounts = Schemas['DeliveryCounts']
export type Fate = Delivery['fate']

/** What is asked for together: whoever opened a notification was shown it. */
export const FATES = { failed: ['failed'], waiting: ['waiting'], sent: ['sent'], arrived: ['shown', 'opened'], needless: ['needless'] } as const
export type Fates = keyof typeof FATES

export interface Chosen {
  fates: Fates | ''
  channel: string
  case_id: string
}

export const EVERYTHING: Chosen = { fates: '', channel: '', case_id: '' }

export function chosenIn(query: URLSearchParams): Chosen {
  const fates = query.get('fate') ?? ''
  return { fates: fates in FATES ? (fates as Fates) : '', channel: query.get('way') ?? '', case_id: query.get('case') ?? '' }
}

export function queryOf({ fates, channel, case_id }: Chosen): URLSearchParams {
  return new URLSearchParams(Object.entries({ fate: fates, way: channel, case: case_id }).filter(([, value]) => value))
}

export function askDeliveries({ fates, channel, case_id }: Chosen, after?: string): Promise<Answer<DeliveryList>> {
  const query = new URLSearchParams(Object.entries({ channel, case_id, after: after ?? '' }).filter(([, value]) => value))
  if (fates) for (const fate of FATES[fates]) query.append('fate', fate)
  return askHere<DeliveryList>(`/api/deliveries?${query.toString()}`)
}

export function askCounts(): Promise<Answer<DeliveryCounts>> {
  return askHere<DeliveryCounts>('/api/delivery_counts')
}

/** How many of the last day belong to each button. */
export function countsBy(counts: DeliveryCount[]): Record<Fates, number> {
  const sum = (fates: readonly string[]) => counts.filter(({ fate }) => fates.includes(fate)).reduce((all, one) => all + one.deliveries, 0)
  return {
    failed: sum(FATES.failed), waiting: sum(FATES.waiting), sent: sum(FATES.sent), arrived: sum(FATES.arrived), needless: sum(FATES.needless),
  }
}

export interface Failing {
  channel: string
  why: string
  deliveries: number
}

/** Why deliveries of the last day failed, the most frequent first. */
export function failingIn(counts: DeliveryCount[]): Failing[] {
  return counts
    .filter(({ fate }) => fate === 'failed')
    .map(({ channel, why, deliveries }) => ({ channel, why: why ?? '', deliveries }))
    .sort((a, b) => b.deliveries - a.deliveries || a.why.localeCompare(b.why))
}

/** The ways that there are to choose from: those of the last day, and the one that is chosen. */
export function channelsIn(counts: DeliveryCount[], chosen: string): string[] {
  return [...new Set([...counts.map(({ channel }) => channel), chosen].filter(Boolean))].sort()
}

/** 「已送出」; an open app's is waiting for somebody to open it. */
export function fateWords({ fate, channel }: Pick<Delivery, 'fate' | 'channel'>): string {
  return fate === 'waiting' && channel === 'app' ? t('deliveries.app_waiting') : word('fate', fate)
}

export function channelWords(channel: string): string {
  return word('channel', channel)
}

/** A sentence for a code: ours by name, a push service's by its number; a maker's own stays as he wrote it. */
export function whyWords(why: string | null): string {
  if (!why) return ''
  const answered = /^answered_(\d+)$/.exec(why)
  const known = word('ring_why', why)
  if (answered && known === why) return t('deliveries.answered', { status: answered[1]! })
  return known
}

/** What rang: a line of the journal, or the bell's own. */
export function kindWords(kind: string): string {
  const own = word('ring_kind', kind)
  return own === kind ? word('journal', kind) : own
}

