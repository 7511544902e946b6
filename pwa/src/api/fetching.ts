import { change } from '../local/database'
import { currentIdentity, currentPersonIn } from '../local/identities'
import { tell } from '../local/watching'
import { askAs } from './renewing'
import type { Case } from './types'

/** The whole case with all of its history; what is known stays where the network is away, which is answered false. */
export async function fetchCase(id: string): Promise<boolean> {
  const who = await currentIdentity()
  const answer = await askAs<Case>(who, `/api/cases/${encodeURIComponent(id)}`)
  if (answer.kind !== 'ok') return answer.kind === 'problem'
  if (answer.body?.id !== id) return false
  await change(['cases', 'settings', 'identities'], async (rows) => {
    if ((await currentPersonIn(rows)) === who?.person?.id) await rows.put('cases', answer.body)
  })
  tell('cases')
  return true
}
