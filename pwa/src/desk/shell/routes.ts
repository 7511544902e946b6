import { shallowRef } from 'vue'

/** Where somebody is: `#/board?state=assigned` → page "board", rest "", query. */
export interface Place {
  page: string
  rest: string
  query: URLSearchParams
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', ...rest] = path.split('/')
  return { page, rest: rest.map(decodeURIComponent).join('/'), query: new URLSearchParams(query) }
}

export function hashOf(page: string, rest = '', query?: URLSearchParams | Record<string, string>): string {
  const words = new URLSearchParams(query).toString()
  return `#/${page}${rest ? `/${encodeURIComponent(rest)}` : ''}${words ? `?${words}` : ''}`
}

export const place = shallowRef<Place>(parsePlace(''))

let steps = 0

export function startRouting(): void {
  const read = () => (place.value = parsePlace(location.hash))
  window.addEventListener('hashchange', () => {
    steps += 1
    read()
  })
  read()
}

export function go(page: string, rest = '', query?: URLSearchParams | Record<string, string>): void {
  location.hash = hashOf(page, rest, query)
}

/** Filters belong to the address, yet each change of one is no step to go back over. */
export function replaceQuery(query: URLSearchParams): void {
  const { page, rest } = place.value
  history.replaceState(null, '', hashOf(page, rest, query))
  place.value = { page, rest, query }
}

/** Back to where he came from, or to that page where he came from outside. */
export function goBack(otherwise: string): void {
  if (steps > 0) {
    steps -= 2
    history.back()
  } else {
    go(otherwise)
  }
}
