// What his people ask for: a leader passes it on, the supervisor decides.
import type { Case } from '../api/types'
import { plainly } from '../cases/doing'
import type { Identity } from '../local/identities'
import { keepActs } from '../outbox/keeping'
import type { Act } from '../outbox/rows'

type Request = Case['requests'][number]

const DECIDED_BY: Record<string, string> = { extension: 'extension_decisions', shelving: 'shelving_decisions' }

/** The request of this case that waits for the leader's word. */
export function openRequest({ requests }: Case): Request | undefined {
  return requests.find(({ kind, state }) => kind in DECIDED_BY && state === 'open')
}

/** On which cases a word about a request still waits to be sent. */
export function decidedOn(acts: Act[]): Set<string> {
  const words = Object.values(DECIDED_BY)
  return new Set(acts.flatMap((act) => (act.case_id && act.state === 'waiting' && words.includes(act.act) ? [act.case_id] : [])))
}

export function forward(who: Identity, cases: Case[]): Promise<void> {
  return keepActs(
    who,
    cases.flatMap((truth) => {
      const request = openRequest(truth)
      return request ? [plainly(truth, DECIDED_BY[request.kind]!, { request_id: request.id, verdict: 'forward' })] : []
    }),
  )
}

/** Why the last one gave it back, where nobody has had it since. */
export function handedBackBecause(truth: Case): string {
  const last = [...truth.journal].reverse().find(({ kind }) => ['handed_back', 'assigned', 'transferred', 'dispatched'].includes(kind))
  return last?.kind === 'handed_back' ? [last.by?.name, last.note].filter(Boolean).join(': ') : ''
}
