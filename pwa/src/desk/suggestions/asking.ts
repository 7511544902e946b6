// What people complained about or suggested, a page at a time, and the answers.
import { ref, shallowRef, watch, type Ref } from 'vue'
import type { Answer } from '../../api/asking'
import type { components } from '../../api/schema'
import { t } from '../../words/words'
import { askHere } from '../shell/session'

type Schemas = components['schemas']
export type Received = Schemas['SuggestionView']
type Page = Schemas['SuggestionPage']

export const STATES = ['open', 'answered', 'all'] as const
export type Chosen = (typeof STATES)[number]

export function chosenIn(query: URLSearchParams): Chosen {
  return STATES.find((state) => state === query.get('state')) ?? 'open'
}

function askPage(chosen: Chosen, after = ''): Promise<Answer<Page>> {
  const query = new URLSearchParams({ limit: '50' })
  if (chosen !== 'all') query.set('answered', String(chosen === 'answered'))
  if (after) query.set('after', after)
  return askHere<Page>(`/api/suggestions/received?${query.toString()}`)
}

function putAnswer(id: string, words: string): Promise<Answer<Received>> {
  return askHere<Received>(`/api/suggestions/${id}/answer`, { method: 'PUT', body: JSON.stringify({ words }) })
}

export interface Desk {
  /** undefined: not asked yet */
  list: Ref<Received[] | undefined>
  open: Ref<number>
  more: Ref<boolean>
  trouble: Ref<string>
  goOn: () => Promise<void>
  /** whether the answer stands */
  answer: (id: string, words: string) => Promise<boolean>
}

export function useSuggestions(chosen: Ref<Chosen>): Desk {
  const list = shallowRef<Received[]>()
  const open = ref(0)
  const more = ref(false)
  const trouble = ref('')
  let next: string | null = null

  async function read(after?: string) {
    const wanted = chosen.value
    const answer = await askPage(wanted, after)
    if (wanted !== chosen.value) return
    trouble.value = troubleOf(answer)
    if (answer.kind !== 'ok') return
    list.value = [...(after ? (list.value ?? []) : []), ...answer.body.suggestions]
    open.value = answer.body.open
    next = answer.body.next
    more.value = next !== null
  }

  async function answer(id: string, words: string) {
    const put = await putAnswer(id, words)
    trouble.value = troubleOf(put)
    if (put.kind !== 'ok') return false
    const was_open = list.value?.some((one) => one.id === id && one.state === 'open')
    if (was_open) open.value -= 1
    // It stays where it is until he looks for others: what he has just written is not to vanish from under his eyes.
    list.value = list.value?.map((one) => (one.id === id ? put.body : one))
    return true
  }

  watch(chosen, () => {
    list.value = undefined
    void read()
  }, { immediate: true })
  return { list, open, more, trouble, goOn: () => read(next ?? undefined), answer }
}

function troubleOf(answer: Answer<unknown>): string {
  return answer.kind === 'ok' ? '' : answer.kind === 'problem' ? answer.problem.title : t('desk.no_contact')
}
