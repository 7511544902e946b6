import { word } from '../words/words'

/** A chip and what was written beside it, as one sentence: for acts whose reason the server takes as words. */
export function reasonWords(group: string, code: string, words: string): string {
  if (code === 'other' && words) return words
  return [word(group, code), words].filter(Boolean).join(': ')
}
