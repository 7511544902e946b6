// The red call list at a desk: whom no bell reached, to be dialled by hand. One list for the page and the count beside it.
import { shallowRef } from 'vue'
import type { CallList, Unreached } from '../../api/types'
import { inOrder } from '../../bell/calling'
import { newId } from '../../local/ids'
import { t } from '../../words/words'
import { askHere } from '../shell/session'

const LOOK_EACH_MS = 30_000

/** undefined: not heard yet */
export const calls = shallowRef<Unreached[]>()
export const trouble = shallowRef('')
/** whom somebody here has told and the server has not heard yet: an answer that was asked for before does not bring them back */
const told = new Set<string>()

/** Looks again and again while somebody sits here. Answers how to stop. */
export function followCalls(): () => void {
  calls.value = undefined
  void readCalls()
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void readCalls()
  }, LOOK_EACH_MS)
  return () => clearInterval(timer)
}

export async function readCalls(): Promise<void> {
  const answer = await askHere<CallList>('/api/call_list')
  if (answer.kind === 'ok') calls.value = inOrder(answer.body.unreached.filter((one) => !told.has(one.alert_id)))
  trouble.value = answer.kind === 'problem' ? answer.problem.title : answer.kind === 'silence' ? t('desk.no_contact') : ''
}

/** 「已电话通知」: whether the server has noted it; where it has not, it stays on the list. */
export async function tellCalled(one: Unreached, person_id: string): Promise<boolean> {
  told.add(one.alert_id)
  const body = JSON.stringify({ alert_id: one.alert_id, person_id })
  const answer = await askHere(`/api/calls/${newId()}`, { method: 'PUT', body })
  if (answer.kind !== 'ok') told.delete(one.alert_id)
  await readCalls()
  told.delete(one.alert_id)
  if (answer.kind === 'problem') trouble.value = answer.problem.title
  return answer.kind === 'ok'
}
