// What a person can do with an item the server did not take. Nothing here happens by itself.
import { change } from '../local/database'
import { tell } from '../local/watching'
import { photoRows, removePhoto, type Act } from './rows'

export async function tryAgain(n: number): Promise<void> {
  await change(['outbox', 'photos'], async (rows) => {
    const act = await rows.get<Act>('outbox', n)
    if (!act) return
    const { problem: _problem, ...rest } = act
    await rows.put('outbox', { ...rest, state: 'waiting', tries: 0, not_before: 0 })
    for (const photo of await photoRows(rows, act.photos)) {
      const { problem: _refused, ...whole } = photo
      await rows.put('photos', { ...whole, tries: 0 })
    }
  })
  tell('outbox')
}

/** Only after the person was asked, and said so: what goes here cannot be brought back. */
export async function removeForGood(n: number): Promise<void> {
  await change(['outbox', 'photos', 'slices'], async (rows) => {
    const act = await rows.get<Act>('outbox', n)
    if (!act) return
    for (const photo_id of act.photos) await removePhoto(rows, photo_id)
    await rows.remove('outbox', n)
  })
  tell('outbox')
}
