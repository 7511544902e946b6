import type { Case } from '../api/types'
import type { Identity } from '../local/identities'
import { tell } from '../local/watching'
import { keepAct } from '../outbox/keeping'
import type { Act, Photo } from '../outbox/rows'
import { plainly } from './doing'
import { draftOfNote } from './drafts'

/** Words, photos, a voice: whatever there is; its draft ends with it. */
export async function addNote(who: Identity, truth: Case, note: string, attached: Photo[] = []): Promise<Act> {
  const doing = { ...plainly(truth, 'notes', { note: note || undefined }), photos: attached }
  const act = await keepAct(who, doing, (rows) => rows.remove('drafts', draftOfNote(truth.id)))
  tell('drafts')
  return act
}
