// What waits for somebody's word about a case: an extension, a pause, the answer to a formal order.
import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import type { Act } from '../outbox/rows'
import { doPlainly } from './doing'
import { reasonWords } from './reasons'

export type Request = Case['requests'][number]

export const REPLIES = ['on_it', 'done_soon', 'needs_help', 'done', 'other']

const DECISIONS: Record<string, string> = { extension: 'extension_decisions', shelving: 'shelving_decisions' }

/** Asked by somebody of the unit, and not yet passed on to the desk. */
export function requestsToForward({ requests }: Pick<Case, 'requests'>): Request[] {
  return requests.filter(({ kind, state }) => state === 'open' && kind in DECISIONS)
}

export function isAsked({ requests }: Pick<Case, 'requests'>, kind: string): boolean {
  return requests.some((request) => request.kind === kind && (request.state === 'open' || request.state === 'forwarded'))
}

/** The formal orders that wait for a reply, the most pressing first. */
export function ordersToAnswer({ requests }: Pick<Case, 'requests'>): Request[] {
  const due = (request: Request) => (request.reply_by ? Date.parse(request.reply_by) : Infinity)
  return requests.filter(({ kind, state }) => kind === 'supervision' && state === 'open').sort((a, b) => due(a) - due(b))
}

export function forwardRequest(who: Identity, truth: Case, request: Request): Promise<Act> {
  return doPlainly(who, truth, DECISIONS[request.kind]!, { request_id: request.id, verdict: 'forward' })
}

export function replyToSupervision(who: Identity, truth: Case, code: string, words: string): Promise<Act> {
  return doPlainly(who, truth, 'supervision_replies', { opinion: reasonWords('reply', code, words) })
}
