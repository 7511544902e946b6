import { shallowRef } from 'vue'

export type Route =
  | { page: 'cases' }
  | { page: 'case'; id: string; navigate?: boolean }
  | { page: 'report' }
  | { page: 'map' }
  | { page: 'lead' }
  | { page: 'crew' }
  | { page: 'outbox' }
  | { page: 'me' }
  | { page: 'check' }
  | { page: 'settings' }
  | { page: 'suggestions' }
  | { page: 'bell' }
  | { page: 'why' }
  | { page: 'calls' }
  | { page: 'broadcast' }
  | { page: 'pair'; staff_no: string; code: string; post: string }

/** Routes live behind the # so that any of them opens with no network and no server. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  const [, first, second] = path.split('/')
  if (first === 'c' && second) return { page: 'case', id: decodeURIComponent(second), navigate: query === 'navigate' }
  if (first === 'settings' || first === 'suggestions') return { page: first }
  if (first === 'bell' || first === 'why' || first === 'calls' || first === 'broadcast') return { page: first }
  if (first === 'report' || first === 'map' || first === 'lead' || first === 'crew' || first === 'outbox' || first === 'me' || first === 'check') return { page: first }
  if (first === 'pair') {
    const given = new URLSearchParams(query)
    return { page: 'pair', staff_no: given.get('staff_no') ?? '', code: given.get('code') ?? '', post: given.get('post') ?? '' }
  }
  return { page: 'cases' }
}

/** `/c/{case_id}` is what a notification or a message opens, `/c/{case_id}?navigate` its button; `/#/…` any other page. */
export function hashOfPath(path: string): string | undefined {
  if (path.startsWith('/#/')) return path.slice(1)
  const found = /^\/c\/([^/?]+)\/?(\?navigate)?$/.exec(path)
  return found ? `#/c/${found[1]}${found[2] ?? ''}` : undefined
}

export const route = shallowRef<Route>({ page: 'cases' })

let steps = 0

export function startRouting(): void {
  const hash = hashOfPath(location.pathname + location.search)
  if (hash) history.replaceState(null, '', `/${hash}`)
  const read = () => (route.value = parseRoute(location.hash))
  window.addEventListener('hashchange', () => {
    steps += 1
    read()
  })
  read()
}

/** Back to where the person came from, or to the list where he came from outside. */
export function goBack(): void {
  if (steps > 0) {
    steps -= 2
    history.back()
  } else {
    location.replace('#/')
  }
}
