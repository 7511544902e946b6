import { change, STORES, type Rows } from './database'
import { forgetSeenPhotos } from './seen_photos'
import { tell } from './watching'

/**
 * The phone was reported lost: what it holds is no longer anybody's to read here. `alongside` keeps why, in the same
 * transaction: whatever dies in between, an emptied phone can say it.
 */
export async function wipePhone(alongside: (rows: Rows) => Promise<unknown>): Promise<void> {
  await forgetSeenPhotos()
  await change([...STORES], async (rows) => {
    for (const store of STORES) await rows.clear(store)
    await alongside(rows)
  })
  tell('session')
}
