import { computed, ref, type ComputedRef } from 'vue'
import type { CasePhoto, Usage } from '../api/types'
import { take } from '../camera/taking'
import { sha256 } from '../local/bytes'
import type { Fix } from '../place/fixing'
import { say } from '../ui/notice'
import type { Recorded } from '../voice/recording'
import { addPhoto } from './drafts'
import { sentenceOfFailure } from './failing'

const BEFORE = ['before', 'report', 'near', 'far', 'scene']

/** Seals what a camera gave and puts it into a draft; whatever went wrong is said at once. */
export function useShooting(draft_id: string, usage: () => Usage, fix: () => Fix | undefined) {
  const shrinking = ref(0)
  const busy: ComputedRef<boolean> = computed(() => shrinking.value > 0)

  async function keep(file: File, asked_at: number): Promise<void> {
    const wanted = usage()
    shrinking.value += 1
    try {
      await addPhoto(draft_id, await take(file, asked_at), fix(), wanted)
    } catch (error) {
      say(sentenceOfFailure(error), 'bad')
    } finally {
      shrinking.value -= 1
    }
  }

  return { busy, keep }
}

/** A voice note lies beside the photos and travels as they do. */
export async function keepVoice(draft_id: string, { bytes, type }: Recorded): Promise<void> {
  const voice = { bytes, sha256: await sha256(bytes), taken_at: Date.now(), source: 'camera' as const, type }
  await addPhoto(draft_id, voice, undefined, 'voice')
}

/** The photo to be taken again from the same spot: of the newest of these usages that is there. */
export function ghostOf(photos: CasePhoto[], after_too = false): string | undefined {
  const there = photos.filter((photo) => !photo.missing && !photo.refused)
  const newest = (usages: string[]) => there.filter((photo) => usages.includes(photo.usage)).pop()
  const found = (after_too ? newest(['after']) : undefined) ?? newest(BEFORE)
  return found && `/api/photos/${found.id}?size=screen`
}
