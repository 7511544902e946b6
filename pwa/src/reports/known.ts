// What is in hand already close by, so that one heap of rubbish is not reported five times; works with no network.
import type { Case, Nearby } from '../api/types'
import { read } from '../local/database'
import type { Position } from '../place/datum'
import { distanceM } from '../place/distance'
import { keyOf } from './classes'

export interface Known {
  key: string
  distance_m: number
}

const OVER = ['closed', 'cancelled', 'rejected']

/** Open cases within `within_m`, of this class where one is chosen; the nearest first. */
export async function knownNearby(here: Position, within_m: number, case_class: string | undefined): Promise<Known[]> {
  const all = await read(['cases', 'nearby'], async (rows) => [
    ...(await rows.all<Case>('cases')),
    ...(await rows.all<Nearby>('nearby')),
  ])
  return all
    .filter((one) => one.location && !OVER.includes(one.state))
    .map((one) => {
      const [lon = NaN, lat = NaN] = one.location!.coordinates
      return { key: keyOf(one), distance_m: distanceM(here, { lon, lat }) }
    })
    .filter((one) => one.distance_m <= within_m && (!case_class || one.key === case_class))
    .sort((a, b) => a.distance_m - b.distance_m)
}
