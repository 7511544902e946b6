// Areas of the district as the map draws them, kept on the phone: the map is there with no network and no tiles.
import { exchange } from '../api/asking'
import { askAs } from '../api/renewing'
import type { components } from '../api/schema'
import type { Identity } from '../local/identities'
import { remember, setting } from '../local/settings'

export interface Area {
  properties: { code: string; kind: 'unit' | 'duty' | 'street' | 'outline'; name: string; street_name: string; synthetic: boolean }
  geometry: { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] }
}

type Ring = [lon: number, lat: number][]
type Duties = { items: components['schemas']['DutyView'][] }

declare module '../local/settings' {
  interface Settings {
    grids: { etag: string; areas: Area[] }
    /** codes, or beginnings of codes, of what this person answers for; `*`: everywhere */
    my_grids: string[]
  }
}

export interface Ground {
  areas: Area[]
  mine: string[]
}

/** As it was last heard, then as it is now. */
export async function groundFor(who: Identity, found: (ground: Ground) => void): Promise<void> {
  const known = await setting('grids')
  const mine = (await setting('my_grids')) ?? []
  if (known) found({ areas: known.areas, mine })
  const areas = await freshAreas(known)
  found({ areas, mine: (await freshDuties(who)) ?? mine })
}

async function freshAreas(known: { etag: string; areas: Area[] } | undefined): Promise<Area[]> {
  const answer = await exchange('/api/grids.geojson', { headers: known ? { 'If-None-Match': known.etag } : {} })
  const areas = answer?.response.status === 200 ? areasIn(answer.text) : undefined
  if (!areas) return known?.areas ?? []
  await remember('grids', { etag: answer!.response.headers.get('etag') ?? '', areas })
  return areas
}

async function freshDuties(who: Identity): Promise<string[] | undefined> {
  const answer = await askAs<Duties>(who, '/api/duties')
  if (answer.kind !== 'ok') return undefined
  const codes = answer.body.items.filter((duty) => duty.person.id === who.person?.id).flatMap((duty) => duty.grids)
  await remember('my_grids', [...new Set(codes)])
  return codes
}

/** Somebody who answers for everywhere has no grids of his own to point out. */
export function isMine(code: string, mine: string[]): boolean {
  return mine.some((one) => one !== '*' && code.startsWith(one))
}

function areasIn(text: string): Area[] | undefined {
  try {
    const { features } = JSON.parse(text) as { features: Area[] }
    return Array.isArray(features) ? features : undefined
  } catch {
    return undefined
  }
}
