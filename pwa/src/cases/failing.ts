import { NotAPhoto } from '../camera/taking'
import { t } from '../words/words'

/** What to tell somebody whose photo or act could not be kept: before he believes it is. */
export function sentenceOfFailure(error: unknown): string {
  if (error instanceof NotAPhoto) return t('close.not_a_photo')
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return t('close.disk_full')
  return t('close.not_saved', { reason: error instanceof Error ? error.message : String(error) })
}
