import type { BellMessage, Case } from '../api/types'
import { read } from '../local/database'
import { currentIdentity } from '../local/identities'

/** The number on the app's icon: cases that wait for this person to accept them, known here or only rung for. */
export async function showBadge(registration: Pick<ServiceWorkerRegistration, 'getNotifications'>): Promise<void> {
  const person_id = (await currentIdentity())?.person?.id
  const cases = await read(['cases'], (rows) => rows.all<Case>('cases'))
  const known = new Set(cases.map((one) => one.id))
  const rung = (await registration.getNotifications()).map((one) => (one.data as BellMessage | null)?.case_id)
  const count = new Set([
    ...cases.filter((one) => one.state === 'assigned' && one.handler?.id === person_id).map((one) => one.id),
    ...rung.filter((id) => id && !known.has(id)),
  ]).size
  const { setAppBadge } = navigator as { setAppBadge?: (count: number) => Promise<void> }
  // Zero takes it away. Some systems show no badges and say so by failing.
  await setAppBadge?.call(navigator, count).catch(() => undefined)
}
