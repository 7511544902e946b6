import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { watch, type Topic } from '../local/watching'

/** What `read` answers, read again whenever rows of these topics change; undefined until the first answer. */
export function useRows<T>(topics: Topic[], read: () => Promise<T>): ShallowRef<T | undefined> {
  const rows = shallowRef<T>()
  let asked = 0
  const reread = async () => {
    const mine = ++asked
    const found = await read()
    // A slow earlier answer must not cover a newer one.
    if (mine === asked) rows.value = found
  }
  onScopeDispose(watch(topics, () => void reread()))
  void reread()
  return rows
}
