import type { Me } from '../api/types'
import { read } from '../local/database'
import type { Act, Photo } from '../outbox/rows'
import { ownIn, photoRows } from '../outbox/rows'
import { showCase, type KeptCase, type ShownCase } from './showing'

/** All cases on this phone, with its own pending acts on top. */
export function readShelf(): Promise<ShownCase[]> {
  return read(['cases', 'outbox', 'photos', 'settings', 'identities'], async (rows) => {
    const cases = await rows.all<KeptCase>('cases')
    const acts = await ownIn(rows, await rows.all<Act>('outbox'))
    const me = await rows.get<Me>('settings', 'me')
    const photos: Photo[] = await photoRows(rows, acts.flatMap((act) => act.photos))
    return cases.map((truth) => showCase(truth, acts, photos, me))
  })
}

export function readCase(id: string): Promise<ShownCase | undefined> {
  return read(['cases', 'outbox', 'photos', 'settings', 'identities'], async (rows) => {
    const truth = await rows.get<KeptCase>('cases', id)
    if (!truth) return undefined
    const acts = await ownIn(rows, await rows.all<Act>('outbox'))
    const photos = await photoRows(rows, acts.flatMap((act) => act.photos))
    return showCase(truth, acts, photos, await rows.get<Me>('settings', 'me'))
  })
}
