import type { Case, CasePhoto } from '../api/types'
import { t, word } from '../words/words'

export interface ShownReason {
  key: string
  title: string
  words: string
  photos: CasePhoto[]
}

/** Why it came back, with the photo that failed; the newest round first, on top of everything else. */
export function reasonsToShow(truth: Case): ShownReason[] {
  return truth.reasons
    .filter((reason) => reason.words || reason.code)
    .sort((a, b) => b.round - a.round)
    .map((reason, index) => ({
      key: `${reason.round}-${index}`,
      title: reason.kind === 'reworked' ? t('case.rework_title', { round: reason.round }) : word('journal', reason.kind),
      words: reason.words ?? word('reason', reason.code ?? ''),
      photos: truth.photos.filter((photo) => reason.photos.includes(photo.id)),
    }))
}
