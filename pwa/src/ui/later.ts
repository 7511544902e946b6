import { defineAsyncComponent, type Component } from 'vue'
import { learnAllWords } from '../words/words'
import LaterGhost from './LaterGhost.vue'
import NotLoaded from './NotLoaded.vue'

const GHOST_AFTER_MS = 150
const IDLE_MOST_MS = 1_000
const AGAIN_MS = 10_000

/** A screen's code did not come: no network, or the page was left meanwhile. `NotLoaded` says so where it matters. */
export class NotFetched extends Error {}

type Load = () => Promise<{ default: Component }>

const loads: (() => Promise<Component>)[] = []

/**
 * A screen off the first path: its code and the words come when somebody opens it. With the service worker they lie on
 * the phone already.
 */
export function later(load: Load): Component {
  const loader = async () => {
    try {
      return (await Promise.all([load(), learnAllWords()]))[0].default
    } catch {
      throw new NotFetched()
    }
  }
  loads.push(loader)
  return defineAsyncComponent({
    loader,
    loadingComponent: LaterGhost,
    errorComponent: NotLoaded,
    delay: GHOST_AFTER_MS,
  })
}

/** What stands on every page and on none of its own: it comes once the page stands, and leaves no gap till then. */
export function soon(load: Load): Component {
  const loader = async () => (await Promise.all([load(), learnAllWords()]))[0].default
  loads.push(loader)
  return defineAsyncComponent({ loader: async () => (await idle(), untilItComes(loader)) })
}

/** With no network, or while the page is being left, it does not come: nobody waits for it, so nobody is told. */
async function untilItComes<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: IDLE_MOST_MS })
    else setTimeout(resolve, IDLE_MOST_MS)
  })
}

/** Whatever can't be fetched now is fetched when somebody opens it. */
export async function fetchAll(): Promise<void> {
  // A screen that has been fetched may name further ones.
  for (const load of loads) await load().catch(() => undefined)
}
