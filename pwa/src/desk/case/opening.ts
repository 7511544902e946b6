// The case that is looked at: read whole, and again whenever there is news of it.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { ReviewDocument } from '../../api/types'
import { onSent } from '../acts/sending'
import { onNews } from '../live/following'
import { rowById } from '../live/rows'
import { askHere } from '../shell/session'

export type Opened = { document?: ReviewDocument; trouble?: 'gone' | 'silence' }

export function useCase(id: Ref<string>): Ref<Opened> {
  const opened = shallowRef<Opened>({})
  const read = async () => {
    const wanted = id.value
    if (!wanted) return
    const answer = await askHere<ReviewDocument>(`/api/review_cases/${wanted}`)
    if (wanted !== id.value) return
    if (answer.kind === 'ok') opened.value = { document: answer.body }
    else if (answer.kind === 'problem') opened.value = { trouble: 'gone' }
    else opened.value = { ...opened.value, trouble: 'silence' }
  }
  watch(id, () => {
    opened.value = {}
    void read()
  }, { immediate: true })
  const isBehind = () => (rowById(id.value)?.seq ?? 0) > (opened.value.document?.case.seq ?? 0) || opened.value.trouble === 'silence'
  const stops = [
    onNews(() => {
      if (isBehind()) void read()
    }),
    onSent(({ case_id }) => {
      if (case_id === id.value) void read()
    }),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  return opened
}
