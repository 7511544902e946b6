// Keeps this browser known to the server as one that can be rung. Page and worker run this same code.
import { askAs } from '../api/renewing'
import { base64url } from '../local/bytes'
import { currentIdentity } from '../local/identities'
import { newId } from '../local/ids'
import { remember, setting } from '../local/settings'

declare module '../local/settings' {
  interface Settings {
    /** what was decided about the bell of this browser; absent: nobody was asked yet */
    bell: { id: string; on: boolean }
  }
}

/**
 * `on`: rings can come. `off`: not wanted here, or nobody is signed in. `silence`: our server can't be reached now.
 * `no_service`: the browser's own push service can't be reached from here. `refused`: the server won't ring this one.
 */
export type Kept = 'on' | 'off' | 'silence' | 'no_service' | 'refused'

type Registration = Pick<ServiceWorkerRegistration, 'pushManager'>

export async function switchOn(registration: Registration): Promise<Kept> {
  await remember('bell', { id: (await setting('bell'))?.id ?? newId(), on: true })
  return keepSubscribed(registration)
}

/** Takes this browser off the server's list, and makes what is on its way come to nobody. */
export async function switchOff(registration: Registration): Promise<void> {
  const id = (await setting('bell'))?.id ?? newId()
  await remember('bell', { id, on: false })
  await askAs(await currentIdentity(), `/api/push_subscriptions/${id}`, { method: 'DELETE' })
  await endSubscription(registration)
}

export async function endSubscription({ pushManager }: Registration): Promise<void> {
  await (await pushManager.getSubscription())?.unsubscribe()
}

/** At each start of the app: the browser may have changed its subscription, the server its key or session. */
export async function keepSubscribed(registration: Registration): Promise<Kept> {
  const bell = await setting('bell')
  const who = await currentIdentity()
  if (!bell?.on || !who) return 'off'
  const key = await askAs<{ key: string }>(who, '/api/push_key')
  if (key.kind !== 'ok') return key.kind === 'silence' ? 'silence' : 'refused'
  const application_server_key = key.body.key
  const subscription = await subscribed(registration, application_server_key).catch(() => undefined)
  if (!subscription) return 'no_service'
  const { endpoint, keys } = subscription.toJSON()
  const language = (await setting('language')) ?? 'zh'
  const body = JSON.stringify({ endpoint, keys, application_server_key, language })
  const answer = await askAs(who, `/api/push_subscriptions/${bell.id}`, { method: 'PUT', body })
  return answer.kind === 'ok' ? 'on' : answer.kind === 'silence' ? 'silence' : 'refused'
}

async function subscribed({ pushManager }: Registration, key: string): Promise<PushSubscription> {
  const known = await pushManager.getSubscription()
  if (known && keyOf(known) === key) return known
  await known?.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

function keyOf(subscription: PushSubscription): string {
  const key = subscription.options.applicationServerKey
  return key ? base64url(new Uint8Array(key)) : ''
}
