// The panels that one key opens and a second one answers.
import { ref } from 'vue'
import type { Me, ReviewDocument } from '../../api/types'
import type { components } from '../../api/schema'
import { t } from '../../words/words'
import { askHere } from '../shell/session'
import { missingPhotos, reasonWords, templatesFor, WITHOUT_PHOTOS } from './judging'

export type Asking = 'back' | 'check' | 'without_photos'

export interface Choice {
  key: string
  words: string
}

type People = { items: components['schemas']['PersonView'][] }

const inspectors = ref<Choice[]>()

/** Whom a check can be sent to, asked for once. */
export async function learnInspectors(role: Me['person']['role']): Promise<void> {
  if (role !== 'supervisor' || inspectors.value) return
  const answer = await askHere<People>('/api/people?role=inspector')
  if (answer.kind === 'ok') inspectors.value = answer.body.items.filter(({ active }) => active).map(({ id, name }) => ({ key: id, words: name }))
}

export const BY_RULE = 'by_rule'

/** What can be answered; the first of a check is whom the rule would send. */
export function choicesOf(asking: Asking, document: ReviewDocument): Choice[] {
  if (asking === 'back') return templatesFor(document).map((key) => ({ key, words: reasonWords(key) }))
  if (asking === 'without_photos') return WITHOUT_PHOTOS.map((key) => ({ key, words: reasonWords(key) }))
  const others = (inspectors.value ?? []).filter(({ key }) => key !== document.inspector?.id)
  const by_rule = document.inspector ? [{ key: BY_RULE, words: t('review.by_rule', { name: document.inspector.name }) }] : []
  return [...by_rule, ...others].slice(0, 9)
}

export function titleOfAsking(asking: Asking, document: ReviewDocument): string {
  if (asking === 'back') return t('review.why_back')
  if (asking === 'check') return t('review.who_checks')
  return t('review.why_without', { count: missingPhotos(document).length })
}
