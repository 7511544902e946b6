import { ask, type Answer, type Transport } from '../api/asking'
import type { ActAnswer } from '../api/types'
import type { Act } from './rows'

/** Says what was done, as it was signed. */
export function putAct(act: Act, send: Transport | undefined): Promise<Answer<ActAnswer>> {
  const path = act.case_id === null ? `/api/${act.act}/${act.act_id}` : `/api/cases/${act.case_id}/${act.act}/${act.act_id}`
  const headers = { 'Act-Signature': act.signature, 'Device-Time': new Date().toISOString() }
  return ask(path, { method: 'PUT', body: act.wire, headers }, send)
}
