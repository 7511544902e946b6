import type { BoardRow, ReviewDocument } from '../../api/types'
import { clockFace } from '../../cases/clocks'
import { positionOf, titleOf } from '../../cases/showing'
import { t } from '../../words/words'
import { lastLook, whereWords } from '../parts/facts'
import type { Spot } from './drawing'

/** The case's place, and where the phone was when the work was handed in. */
export function spotsOf(document: ReviewDocument): Spot[] {
  const at = positionOf(document.case)
  const look = lastLook(document)
  const spots: Spot[] = at ? [{ id: 'case', ...at, look: 'case', words: t('map.the_case') }] : []
  if (look?.place) {
    const { lon, lat, accuracy_m } = look.place
    spots.push({ id: 'seen', lon, lat, accuracy_m, look: 'seen', words: whereWords(look) })
  }
  return spots
}

/** Cases of the board in the colours of their clocks. */
export function spotsOfRows(rows: BoardRow[], now: number): Spot[] {
  return rows.flatMap((row): Spot[] => {
    const at = positionOf(row)
    const face = clockFace(row, now)
    return at ? [{ id: row.id, ...at, look: face.light, words: `${titleOf(row)} · ${face.left}` }] : []
  })
}
