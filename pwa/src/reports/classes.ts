// What a problem can be called: the district's catalogue, kept on the phone, and the few names a person really uses.
import { exchange } from '../api/asking'
import type { CaseClass, Case, Catalogue, Nearby } from '../api/types'
import { read } from '../local/database'
import { remember, setting } from '../local/settings'
import type { Position } from '../place/datum'
import { distanceM } from '../place/distance'
import { language } from '../words/words'

declare module '../local/settings' {
  interface Settings {
    catalogue: { etag: string; body: Catalogue }
    /** keys of the classes this phone reported last, the newest first */
    recent_classes: string[]
  }
}

const OFFERED = 6
const NEAR_M = 150
const RECENT_KEPT = 12

export async function knownCatalogue(): Promise<Catalogue | undefined> {
  return (await setting('catalogue'))?.body
}

/** Fetches the catalogue where it changed; without a network the known one stays. */
export async function refreshCatalogue(): Promise<Catalogue | undefined> {
  const known = await setting('catalogue')
  const answer = await exchange('/api/catalogue', { headers: known ? { 'If-None-Match': known.etag } : {} })
  const body = answer?.response.status === 200 ? catalogueIn(answer.text) : undefined
  if (!body) return known?.body
  await remember('catalogue', { etag: answer!.response.headers.get('etag') ?? '', body })
  return body
}

export function keyOf({ kind, major, minor }: { kind: string | null; major: string | null; minor: string | null }): string {
  return `${kind ?? ''}:${major ?? ''}${minor ?? ''}`
}

export function nameOf(one: CaseClass): string {
  return (language() === 'en' && one.name_en) || one.name_zh
}

export function helpOf(one: CaseClass): string {
  return (language() === 'en' ? one.help_en : one.help_zh) || ''
}

/** The classes to show at once: reported last, then what is about near `here`, then those that need telling apart. */
export async function offeredClasses(catalogue: Catalogue, here?: Position): Promise<CaseClass[]> {
  const recent = (await setting('recent_classes')) ?? []
  const about = await read(['cases', 'nearby'], async (rows) => [
    ...(await rows.all<Case>('cases')),
    ...(await rows.all<Nearby>('nearby')),
  ])
  const by_key = new Map(catalogue.classes.map((one) => [keyOf(one), one]))
  const helped = catalogue.classes.filter((one) => one.kind === 'matter' && one.help_zh)
  const keys = new Set([...recent, ...byNearness(about, here), ...helped.map(keyOf)])
  return [...keys].flatMap((key) => by_key.get(key) ?? []).slice(0, OFFERED)
}

export async function rememberClass(key: string): Promise<void> {
  const recent = (await setting('recent_classes')) ?? []
  await remember('recent_classes', [key, ...recent.filter((one) => one !== key)].slice(0, RECENT_KEPT))
}

/** By name, group, number or help; all words must be found. */
export function searchClasses(catalogue: Catalogue, search: string): CaseClass[] {
  const parts = search.toLowerCase().split(/\s+/)
  return catalogue.classes.filter((one) => {
    const text = [one.name_zh, one.name_en, one.major_zh, one.major_en, one.help_zh, one.major + one.minor].join(' ').toLowerCase()
    return parts.every((part) => text.includes(part))
  })
}

/** What there is most of; one case next to here counts for many far away. */
function byNearness(about: (Case | Nearby)[], here: Position | undefined): string[] {
  const weights = new Map<string, number>()
  for (const one of about) weights.set(keyOf(one), (weights.get(keyOf(one)) ?? 0) + weightOf(one, here))
  return [...weights.keys()].sort((a, b) => weights.get(b)! - weights.get(a)!)
}

function weightOf({ location }: Case | Nearby, here: Position | undefined): number {
  const [lon, lat] = location?.coordinates ?? []
  if (!here || lon === undefined || lat === undefined) return 1
  return 1 / (1 + (distanceM(here, { lon, lat }) / NEAR_M) ** 2)
}

function catalogueIn(text: string): Catalogue | undefined {
  try {
    const body = JSON.parse(text) as Catalogue
    return Array.isArray(body.classes) ? body : undefined
  } catch {
    return undefined
  }
}
