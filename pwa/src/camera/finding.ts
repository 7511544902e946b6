import { ref, watch, type Ref } from 'vue'
import { hasOwnCamera, opensByItself, preferCamera } from './own_camera'

export interface Finder {
  /** this phone has a lens for pages */
  available: Ref<boolean>
  open: Ref<boolean>
  start(): void
  /** put away by the person: it does not come again by itself */
  stop(): void
  failed(): void
}

/** The page's own camera. It opens by itself only where `stands_there` and where its person is used to that. */
export function useFinder(stands_there: () => boolean): Finder {
  const available = ref(false)
  const open = ref(false)
  let put_away = false

  void hasOwnCamera().then((has) => (available.value = has))
  watch(
    stands_there,
    async (there) => {
      if (there && !put_away && (await opensByItself())) open.value = !put_away
    },
    { immediate: true },
  )

  return {
    available,
    open,
    start() {
      open.value = true
      void preferCamera('own')
    },
    stop() {
      put_away = true
      open.value = false
      void preferCamera('system')
    },
    failed() {
      put_away = true
      open.value = false
      available.value = false
    },
  }
}
