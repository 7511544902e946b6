import { hearClock } from './clock'
import { problemFrom, type Problem } from './problem'

/**
 * What became of a request. `silence` is everything that is no word of our server: no network, a time-out, a proxy's
 * error page; `portal`: another page came in its place, as from a network that wants a sign-in of its own first. Only
 * the outcome of requests is truth about the network.
 */
export type Answer<T> =
  | { kind: 'ok'; status: number; body: T; headers: Headers }
  | { kind: 'problem'; status: number; problem: Problem; headers: Headers }
  | { kind: 'silence'; portal?: boolean }

export interface Request {
  method?: string
  headers?: Record<string, string>
  /** JSON text, or bytes */
  body?: string | ArrayBuffer
  timeout_ms?: number
  /** nobody waits for the answer after this */
  until?: AbortSignal
}

export type Transport = (path: string, init: RequestInit) => Promise<Response>

const TIMEOUT_MS = 20_000

export async function ask<T>(path: string, request: Request = {}, send: Transport = fetch): Promise<Answer<T>> {
  const answer = await exchange(path, request, send)
  if (!answer) return { kind: 'silence' }
  const { response, text } = answer
  const { status, headers } = response
  const body = jsonOf(headers, text)
  const silence = { kind: 'silence' as const, portal: isPortal(response) }
  if (response.ok) return body === undefined && status !== 204 ? silence : { kind: 'ok', status, body: body as T, headers }
  const problem = problemFrom(body, status)
  return problem ? { kind: 'problem', status, problem, headers } : silence
}

/** A page, or the way to one, where our server has neither for us. */
export function isPortal(response: Response): boolean {
  const html = response.headers.get('content-type')?.startsWith('text/html') === true
  return response.type === 'opaqueredirect' || (response.ok && html)
}

/** The bare exchange: undefined when nothing came back in time. Redirects are never ours, so they are not followed. */
export async function exchange(
  path: string,
  request: Request,
  send: Transport = fetch,
): Promise<{ response: Response; text: string } | undefined> {
  if (request.until?.aborted) return undefined
  const patience = new AbortController()
  const end = () => patience.abort()
  const timer = setTimeout(end, request.timeout_ms ?? TIMEOUT_MS)
  request.until?.addEventListener('abort', end)
  const asked_at = Date.now()
  const headers: Record<string, string> = { Accept: 'application/json', ...request.headers }
  if (typeof request.body === 'string') headers['Content-Type'] = 'application/json'
  try {
    const response = await send(path, {
      method: request.method ?? 'GET',
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      signal: patience.signal,
    })
    hearClock(response, asked_at)
    return { response, text: await response.text() }
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
    request.until?.removeEventListener('abort', end)
  }
}

function jsonOf(headers: Headers, text: string): unknown {
  if (!/^application\/(\w+\+)?json\b/.test(headers.get('content-type') ?? '')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
