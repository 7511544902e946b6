// The phone's outbox as a program: orders come in as JSON lines, each is answered by one. For tests against a real server.
import 'fake-indexeddb/auto'
import { createInterface } from 'node:readline'
import type { Case } from '../src/api/types'
import { closeOnSite } from '../src/cases/closing'
import { addPhoto, readDraft } from '../src/cases/drafts'
import { fromHex } from '../src/local/bytes'
import { becomeCurrent, currentIdentity } from '../src/local/identities'
import { openActs, sentActs } from '../src/outbox/rows'
import { sendWaiting } from '../src/outbox/sending'
import { pullChanges } from '../src/sync/pulling'
import { emptyPhone } from './world'

/** `url`: where the server is to be asked; `base_url`: how it calls itself. */
interface Start {
  url: string
  base_url: string
  cookie: string
  device_id: string
  private_jwk: JsonWebKey
  person: { id: string; name: string; role: string }
}

interface Close {
  case: Case
  photos: { usage: 'before' | 'after'; sha256: string; hex: string }[]
}

type Order = { start: Start } | { close: Close } | { send: true } | { pull: true }

let url = ''
let cookie = ''

const overTheWire = fetch
globalThis.fetch = (path, init) => send(String(path), init ?? {})

async function send(path: string, init: RequestInit): Promise<Response> {
  const answer = await overTheWire(url + path, { ...init, headers: { ...(init.headers as Record<string, string>), Cookie: cookie } })
  const [given] = answer.headers.getSetCookie()
  if (given) cookie = given.split(';')[0]!
  return answer
}

async function start(order: Start): Promise<object> {
  await emptyPhone()
  ;({ url, cookie } = order)
  const private_key = await crypto.subtle.importKey('jwk', order.private_jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const { device_id, base_url, person } = order
  await becomeCurrent({ device_id, staff_no: person.id, private_key, base_url, person })
  return {}
}

async function close(order: Close): Promise<object> {
  const who = await currentIdentity()
  for (const { usage, sha256, hex } of order.photos) {
    const bytes = fromHex(hex).buffer as ArrayBuffer
    await addPhoto(order.case.id, { bytes, sha256, taken_at: Date.now(), source: 'camera' }, undefined, usage)
  }
  const { draft, photos } = await readDraft(order.case.id)
  const act = await closeOnSite(who!, order.case, draft, photos, { fix: undefined, none_because: 'no_fix' })
  return { act_id: act.act_id, photos: act.photos }
}

async function sendAll(): Promise<object> {
  const ended = await sendWaiting({ send }, true)
  const open = await openActs()
  return {
    ended,
    open: open.map((act) => act.act_id),
    parked: open.filter((act) => act.state === 'parked').map((act) => act.problem),
    sent: (await sentActs()).map((act) => act.act_id),
  }
}

async function pull(): Promise<object> {
  return { pulled: await pullChanges() }
}

function answer(order: Order): Promise<object> {
  if ('start' in order) return start(order.start)
  if ('close' in order) return close(order.close)
  return 'pull' in order ? pull() : sendAll()
}

async function obey(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as Order
    const told = await answer(order)
    process.stdout.write(`${JSON.stringify(told)}\n`)
  }
}

void obey()
