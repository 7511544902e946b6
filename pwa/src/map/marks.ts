// What stands on the map: his cases in the colours of their clocks, and hollow what others have in hand nearby.
import type { Me, Nearby } from '../api/types'
import { clockFace, type Light } from '../cases/clocks'
import { positionOf, titleOf, type ShownCase } from '../cases/showing'
import { toGcj02, type Position } from '../place/datum'
import { t } from '../words/words'

export interface Mark {
  id: string
  at: Position
  /** `known`: somebody else's, seen as far as a reporter needs it */
  look: Light | 'known'
  words: string
}

export type Tiles = NonNullable<Me['map']>

const OVER = ['closed', 'cancelled', 'rejected']

export function marksOf(shelf: ShownCase[], nearby: Nearby[], name_of: (one: Nearby) => string, now: number): Mark[] {
  const own = shelf.flatMap(({ truth, group }): Mark[] => {
    const at = positionOf(truth)
    if (!at || group === 'ended') return []
    const face = clockFace(truth, now)
    return [{ id: truth.id, at, look: group === 'todo' ? face.light : 'still', words: `${titleOf(truth)} · ${face.left}` }]
  })
  const mine = new Set(own.map((mark) => mark.id))
  const known = nearby.flatMap((one): Mark[] => {
    const [lon, lat] = one.location?.coordinates ?? []
    if (lon === undefined || lat === undefined || mine.has(one.id) || OVER.includes(one.state)) return []
    return [{ id: one.id, at: { lon, lat }, look: 'known', words: t('map.known', { name: name_of(one) }) }]
  })
  return [...known, ...own]
}

/** Where a place lies on pictures of that datum: ours are WGS-84, some sources' are shifted by half a kilometre. */
export function drawnAt(at: Position, datum: Tiles['datum'] | undefined): Position {
  return datum === 'gcj02' ? toGcj02(at) : at
}
