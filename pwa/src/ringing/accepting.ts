import { recallClock } from '../api/clock'
import { currentIdentity } from '../local/identities'
import { keepAct } from '../outbox/keeping'
import { openActs } from '../outbox/rows'
import { sendUnseen } from '../outbox/sending_unseen'
import { isoTime } from '../words/times'

/**
 * Takes a case on with no page open: signed and kept like everything a person does, and sent at once if that can be.
 * `kept` is called as soon as it is on disk. Answers whether the server has it; undefined: nobody is at this phone.
 */
export async function acceptRung(case_id: string, about: string, kept: () => Promise<void>): Promise<boolean | undefined> {
  const who = await currentIdentity()
  if (!who?.person) return undefined
  await recallClock()
  const done_at = isoTime(Date.now())
  const { act_id } = await keepAct(who, { act: 'acceptances', case_id, about, done_at, place: null, photos: [] })
  await kept()
  await sendUnseen()
  return (await openActs()).find((act) => act.act_id === act_id)?.told !== undefined
}
