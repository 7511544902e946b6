import type { NoPlaceReason } from '../api/types'
import { t } from '../words/words'
import type { Fix } from './fixing'

/** The place as its person reads it: how good it is, or that nobody has to wait for it. */
export function placeWords(fix: Fix | undefined, trouble: NoPlaceReason | undefined): string {
  if (fix) return t('place.accuracy', { m: Math.round(fix.accuracy_m) })
  return t(trouble ? `place.${trouble}` : 'place.looking')
}
