// The board is read once, page by page, then followed by what the stream tells.
import { shallowRef } from 'vue'
import { serverNow } from '../../api/clock'
import type { Board, Changes } from '../../api/types'
import { listen } from '../../sync/streaming'
import { askHere, me } from '../shell/session'
import { addRows, applyChanges, forgetRows } from './rows'

export interface Contact {
  /** whether the last request got through */
  ok: boolean
  /** when what lies here was last known to be true; server time, ms */
  at: number | undefined
  /** the board is not whole yet */
  filling: boolean
}

interface Cursor {
  epoch: string
  seq: number
  roster: number
}

export const contact = shallowRef<Contact>({ ok: true, at: undefined, filling: true })

const listeners = new Set<() => void>()
let cursor: Cursor | undefined
let catching: Promise<void> | undefined
let again = false

/** Follows for as long as somebody sits here; answers how to stop. */
export function follow(): () => void {
  const stop = listen({ changed: () => void catchUp(), connected: () => void catchUp(), lost: () => void catchUp() })
  void catchUp()
  return () => {
    stop()
    cursor = undefined
    forgetRows()
    contact.value = { ok: true, at: undefined, filling: true }
  }
}

/** Calls `act` whenever there was news; answers how to stop. */
export function onNews(act: () => void): () => void {
  listeners.add(act)
  return () => listeners.delete(act)
}

/** Reads all that is new; calls that come meanwhile make it look once more. */
export function catchUp(): Promise<void> {
  if (catching) {
    again = true
    return catching
  }
  catching = untilDone().finally(() => (catching = undefined))
  return catching
}

async function untilDone(): Promise<void> {
  do {
    again = false
    const heard = cursor ? await readChanges(cursor) : await readBoard()
    if (!me.value) return
    contact.value = { ok: heard, at: heard ? serverNow() : contact.value.at, filling: cursor === undefined }
  } while (again && contact.value.ok)
  for (const act of listeners) act()
}

async function readBoard(): Promise<boolean> {
  let first: Cursor | undefined
  let after = 0
  for (;;) {
    const answer = await askHere<Board>(`/api/board?after=${after}`)
    if (answer.kind !== 'ok' || !me.value) return false
    const { epoch, seq, roster, rows, more, next } = answer.body
    if (!first) forgetRows()
    first ??= { epoch, seq, roster }
    addRows(rows)
    if (!more) break
    after = next
  }
  cursor = first
  // What changed while the pages were read.
  return readChanges(first)
}

async function readChanges(from: Cursor): Promise<boolean> {
  for (;;) {
    const { seq, epoch, roster } = cursor ?? from
    const words = new URLSearchParams({ after: String(seq), epoch, roster: String(roster), until: '0' })
    const answer = await askHere<Changes>(`/api/changes?${words.toString()}`)
    if (answer.kind !== 'ok' || !me.value) return false
    const page = answer.body
    if (page.reset || page.epoch !== epoch) {
      cursor = undefined
      again = true
      return true
    }
    applyChanges(page.cases, page.gone)
    cursor = { epoch, seq: page.seq, roster }
    if (!page.more) return true
  }
}
