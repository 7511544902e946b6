// What the phone keeps of how an item fared. It leaves the outbox here and nowhere else by itself: on its receipts.
import { serverNow } from '../api/clock'
import type { Problem } from '../api/problem'
import { change } from '../local/database'
import { tell } from '../local/watching'
import { restMs, standing, type Step } from './deciding'
import { makingRoom } from './room'
import { photoRows, photosOf, type Act, type SentAct } from './rows'
import type { UploadStep } from './tus'

/** The server has the words; it named the photos it has and those it misses. `since`: photos it has acknowledged since. */
export async function keepTold(act: Act, since: ReadonlySet<string> = new Set()): Promise<void> {
  const { receipt } = act.told!
  await change(['outbox', 'photos'], async (rows) => {
    await rows.put('outbox', act)
    for (const photo of await photoRows(rows, act.photos)) {
      // The server's word counts in both directions: after a restore it may owe us what it once had.
      const named = receipt.photos[photo.photo_id] === photo.sha256 && !receipt.photos_missing.includes(photo.photo_id)
      photo.held = named || since.has(photo.photo_id)
      await rows.put('photos', photo)
    }
  })
  tell('outbox')
}

/** The act is there; it leaves the outbox once each of its photos has its own receipt. */
export async function settle(act: Act, photos: UploadStep): Promise<Step> {
  const stands = standing(act, await photosOf(act))
  if (stands === 'settled') {
    await moveToSent(act)
    return { to: 'told', ...act.told! }
  }
  if (stands === 'refused') return { to: 'parked', problem: await photoProblem(act) }
  return photos.to === 'rest' ? photos : { to: 'later' }
}

/** Parked with its reason, or put off: a time of the phone's clock, ms. */
export async function keepStep(act: Act, step: Step, now: number): Promise<void> {
  await change(['outbox'], async (rows) => {
    const row = await rows.get<Act>('outbox', act.n!)
    if (!row) return
    if (step.to === 'parked') {
      row.state = 'parked'
      row.problem = step.problem
    } else {
      row.not_before = now + ((step.to === 'later' ? step.after_ms : undefined) ?? restMs(row.tries))
      row.tries += 1
    }
    await rows.put('outbox', row)
  })
}

async function moveToSent(act: Act): Promise<void> {
  const sent: SentAct = { ...act, sent_at: serverNow() }
  await makingRoom(() =>
    change(['outbox', 'sent'], async (rows) => {
      await rows.put('sent', sent)
      await rows.remove('outbox', act.n!)
    }),
  )
}

async function photoProblem(act: Act): Promise<Problem> {
  const own = (await photosOf(act)).find((photo) => photo.problem)?.problem
  const [code = 'photo_refused'] = Object.values(act.told!.receipt.photos_refused)
  return own ?? { code, title: '', status: 422, retry: false }
}
