import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { serverNow } from '../api/clock'

const TICK_MS = 10_000

/** Server time that moves while somebody looks. */
export function useNow(): ShallowRef<number> {
  const now = shallowRef(serverNow())
  const tick = () => (now.value = serverNow())
  const timer = setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', tick)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  })
  return now
}
