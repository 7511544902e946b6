// The journal as a person reads it: what the rules did in one go is one step, and photos speak for themselves.
import type { CasePhoto, JournalLine } from '../api/types'
import type { Act, Photo } from '../outbox/rows'
import { t, word } from '../words/words'

export interface Step {
  seq: number
  words: string
  by: string
  note: string
  /** ms */
  at: number
  /** what came with a note */
  photos: { id: string; usage: string; missing: boolean }[]
}

const MINUTE_MS = 60_000

/** The newest first; what came with a note stands with it. */
export function stepsOf(lines: JournalLine[], photos: CasePhoto[] = []): Step[] {
  const steps: Step[] = []
  let before: JournalLine | undefined
  for (const line of [...lines].sort((a, b) => a.seq - b.seq)) {
    if (line.kind === 'photo_arrived') continue
    const last = steps[steps.length - 1]
    if (last && before && isInOneGo(before, line)) last.words += ` → ${wordsOf(line)}`
    else {
      const with_it = photos.filter((photo) => line.act_id && photo.act_id === line.act_id)
      steps.push({ seq: line.seq, words: wordsOf(line), by: line.by?.name ?? '', note: line.note ?? '', at: momentOf(line), photos: with_it })
    }
    before = line
  }
  return steps.reverse()
}

const SHOWN_WHILE_WAITING = ['notes', 'contacts', 'supervision_replies']

/** What this person added and the server does not have yet, the newest first: it stands above the journal. */
export function waitingSteps(own: Act[], photos: Photo[]): Step[] {
  return own
    .filter((act) => SHOWN_WHILE_WAITING.includes(act.act))
    .reverse()
    .map((act) => {
      const with_it = photos.filter((photo) => act.photos.includes(photo.photo_id))
      const state = act.state === 'waiting' ? 'lead.pending' : 'lead.parked'
      return {
        seq: -act.n!,
        words: t(state, { act: word('act', act.act) }),
        by: '',
        note: noteIn(act),
        at: act.made_at,
        photos: with_it.map(({ photo_id, usage }) => ({ id: photo_id, usage, missing: false })),
      }
    })
}

function noteIn(act: Act): string {
  const body = JSON.parse(act.wire) as { note?: string; opinion?: string }
  return body.note ?? body.opinion ?? ''
}

function isInOneGo(...lines: [JournalLine, JournalLine]): boolean {
  const [first, second] = lines.map((line) => Math.floor(momentOf(line) / MINUTE_MS))
  return first === second && lines.every((line) => !line.by && !line.note)
}

function wordsOf({ kind, to }: JournalLine): string {
  return to ? `${word('journal', kind)} ${to.name}` : word('journal', kind)
}

function momentOf({ done_at, at }: JournalLine): number {
  return Date.parse(done_at ?? at)
}
