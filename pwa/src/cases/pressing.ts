import type { Case, JournalLine } from '../api/types'

/** The newest nudge, as long as it stands: what was said in it is worth more than a red mark. */
export function lastUrge({ flags, journal }: Pick<Case, 'flags' | 'journal'>): JournalLine | undefined {
  if (!flags.includes('urged')) return undefined
  return journal.filter((line) => line.kind === 'urged').sort((a, b) => b.seq - a.seq)[0]
}
