import { serverNow } from '../api/clock'
import { change, type Rows } from '../local/database'
import { tell } from '../local/watching'
import { photoRows, removePhoto, type Act, type SentAct } from './rows'

/** How long a phone keeps what it has sent, in case the server has to be restored from a backup. */
export const KEEP_SENT_MS = 7 * 86_400_000

/** The server was restored: what it acknowledged since may be lost there. Offered once more, the same act is no other. */
export async function offerAgain(now = serverNow()): Promise<void> {
  await change(['sent', 'outbox', 'photos'], async (rows) => {
    for (const { sent_at, ...act } of await rows.all<SentAct>('sent')) {
      if (now - sent_at > KEEP_SENT_MS) continue
      await offer(rows, act)
      await rows.remove('sent', act.act_id)
    }
    for (const act of await rows.all<Act>('outbox')) await offer(rows, act)
  })
  tell('outbox')
}

async function offer(rows: Rows, act: Act): Promise<void> {
  const { told: _told, ...untold } = act
  await rows.put('outbox', { ...untold, tries: 0, not_before: 0 })
  for (const photo of await photoRows(rows, act.photos)) {
    const { location: _location, ...uncreated } = photo
    await rows.put('photos', { ...uncreated, tries: 0, held: false })
  }
}

/** Lets go of what has been on the server for a week. */
export async function forgetSent(now = serverNow()): Promise<void> {
  await change(['sent', 'photos', 'slices'], async (rows) => {
    for (const act of await rows.all<SentAct>('sent')) {
      if (now - act.sent_at <= KEEP_SENT_MS) continue
      for (const photo_id of act.photos) await removePhoto(rows, photo_id)
      await rows.remove('sent', act.act_id)
    }
  })
}
