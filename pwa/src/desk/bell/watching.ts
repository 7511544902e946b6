// The list as it stands, asked anew while somebody looks at its first page.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { Answer } from '../../api/asking'
import { t } from '../../words/words'
import { askCounts, askDeliveries, type Chosen, type Delivery, type DeliveryCount } from './asking'

const AGAIN_MS = 15_000

export interface Watched {
  /** undefined: not asked yet */
  deliveries: Ref<Delivery[] | undefined>
  counts: Ref<DeliveryCount[]>
  more: Ref<boolean>
  trouble: Ref<string>
  /** the next page */
  goOn: () => Promise<void>
}

export function watchDeliveries(chosen: Ref<Chosen>): Watched {
  const deliveries = shallowRef<Delivery[]>()
  const counts = shallowRef<DeliveryCount[]>([])
  const more = ref(false)
  const trouble = ref('')
  let pages = 1

  async function read() {
    const wanted = chosen.value
    const [list, counted] = await Promise.all([askDeliveries(wanted), askCounts()])
    if (wanted !== chosen.value || pages > 1) return
    trouble.value = troubleOf(list) || troubleOf(counted)
    if (list.kind === 'ok') {
      deliveries.value = list.body.deliveries
      more.value = list.body.more
    }
    if (counted.kind === 'ok') counts.value = counted.body.counts
  }

  async function goOn() {
    const wanted = chosen.value
    const known = deliveries.value ?? []
    const last = known[known.length - 1]
    if (!last) return
    pages += 1
    const answer = await askDeliveries(wanted, last.number)
    if (wanted !== chosen.value) return
    trouble.value = troubleOf(answer)
    if (answer.kind !== 'ok') return
    deliveries.value = [...known, ...answer.body.deliveries]
    more.value = answer.body.more
  }

  watch(chosen, () => {
    pages = 1
    void read()
  }, { immediate: true })
  const timer = setInterval(() => {
    if (pages === 1 && document.visibilityState === 'visible') void read()
  }, AGAIN_MS)
  onScopeDispose(() => clearInterval(timer))
  return { deliveries, counts, more, trouble, goOn }
}

function troubleOf(answer: Answer<unknown>): string {
  return answer.kind === 'ok' ? '' : answer.kind === 'problem' ? answer.problem.title : t('desk.no_contact')
}
