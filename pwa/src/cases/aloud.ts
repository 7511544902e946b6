import { t } from '../words/words'
import type { ClockFace } from './clocks'
import { reasonsToShow } from './reading'
import { titleOf, type ShownCase } from './showing'

/** What somebody has to hear before he sets out, the most pressing first; whole sentences, no numbers of files. */
export function sentencesOf({ truth }: ShownCase, face: ClockFace, distance_m: number | undefined): string[] {
  const reasons = reasonsToShow(truth).map((reason) => `${reason.title}。${reason.words}`)
  return [
    titleOf(truth),
    face.left,
    ...reasons,
    truth.address ?? t('case.no_place'),
    distance_m === undefined ? '' : t('aloud.distance', { m: Math.max(10, Math.round(distance_m / 10) * 10) }),
    truth.description ?? '',
    truth.closing_condition ? `${t('case.condition')}。${truth.closing_condition}` : '',
  ].filter(Boolean)
}
