// What goes with no page open. Everything is tried once, and only what the server says it has is written down: when to
// try again, what is parked, what goes in another's name and when an item leaves the outbox are decided by a page.
import { exchange, type Transport } from '../api/asking'
import { recallClock } from '../api/clock'
import { heedEnding } from '../api/ending'
import { renewSession } from '../api/renewing'
import { change } from '../local/database'
import { currentIdentity, type Identity } from '../local/identities'
import { isReceiptFor, nextAct, standing } from './deciding'
import { putAct } from './putting'
import { openActs, photoBytes, photosOf, type Act, type Photo } from './rows'
import { onceFree } from './sending'
import { keepTold } from './settling'
import { isHeld, metadata } from './tus'

/** A whole photo on a slow network. */
const ALL_AT_ONCE = 180_000
const BYTES = { 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream' }

/** Answers whether the server has all that can go from here; after a page that is still sending. */
export async function sendUnseen(send: Transport = fetch): Promise<boolean> {
  await onceFree(() => tryAll(send))
  for (const act of await openActs()) {
    if (act.state === 'waiting' && standing(act, await photosOf(act)) === 'owed') return false
  }
  return true
}

async function tryAll(send: Transport): Promise<void> {
  const who = await currentIdentity()
  if (!who?.person || who.post) return
  const passed = new Set<string>()
  const next = async () => nextAct(await openActs(), (one) => one.device_id === who.device_id, Infinity, passed)
  let act = await next()
  if (!act) return
  await recallClock()
  if (!(await isSignedIn(who, send))) return
  for (; act; act = await next()) {
    passed.add(act.act_id)
    await tryOne(act, send)
  }
}

/** The phone's key opens a new session where the old one is over. */
async function isSignedIn(who: Identity, send: Transport): Promise<boolean> {
  const me = await exchange('/api/me', {}, send)
  if (me?.response.status !== 401) return me?.response.ok === true
  const renewed = await renewSession(who, send)
  if (renewed.kind === 'problem') await heedEnding(renewed.problem)
  return renewed.kind === 'ok'
}

async function tryOne(act: Act, send: Transport): Promise<void> {
  const photos = await photosOf(act)
  for (const photo of photos) {
    if (!photo.held && !photo.problem && (await isTaken(photo, send))) {
      photo.held = true
      await change(['photos'], (rows) => rows.put('photos', photo))
    }
  }
  if (act.told) return
  const answer = await putAct(act, send)
  if (answer.kind !== 'ok') return
  const { receipt, verdict = 'done' } = answer.body ?? {}
  const sha256s = Object.fromEntries(photos.map((photo) => [photo.photo_id, photo.sha256]))
  if (!isReceiptFor(receipt, act, sha256s)) return
  act.told = { receipt, verdict }
  await keepTold(act)
}

/** In one request; where an earlier try has brought a part, what is left of it in a second. */
async function isTaken(photo: Photo, send: Transport): Promise<boolean> {
  const body = await photoBytes(photo)
  const about = { ...BYTES, 'Upload-Length': String(photo.length), 'Upload-Metadata': metadata(photo) }
  const created = await exchange('/api/uploads', { method: 'POST', body, headers: about, timeout_ms: ALL_AT_ONCE }, send)
  if (!created || isHeld(created.response, photo)) return created !== undefined
  const { status, headers } = created.response
  const location = headers.get('location')
  const offset = Number(headers.get('upload-offset'))
  if (status !== 200 || !location || offset >= photo.length) return false
  const rest = { ...BYTES, 'Upload-Offset': String(offset) }
  const patched = await exchange(location, { method: 'PATCH', body: body.slice(offset), headers: rest, timeout_ms: ALL_AT_ONCE }, send)
  return patched !== undefined && isHeld(patched.response, photo)
}
