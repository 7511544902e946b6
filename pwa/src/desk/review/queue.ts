// What lies on this desk to be judged: claimed, in order, with the photos of the next ones fetched ahead.
import { computed, ref, shallowRef } from 'vue'
import type { DeskAnswer, ReviewDocument } from '../../api/types'
import { deeds } from '../acts/deeds'
import { onSent } from '../acts/sending'
import { onNews } from '../live/following'
import { rowById } from '../live/rows'
import { askHere } from '../shell/session'
import { deskId } from './desk_id'
import { fetchAhead } from './photos_ahead'

/** Enough that a key is never faster than the network, few enough that a colleague finds work. */
const AHEAD = 4
const HEARTBEAT_MS = 30_000
const JUDGING = ['reviews', 'unit_reviews']
const TO_BE_JUDGED = ['feedback', 'handled']

export const line = shallowRef<ReviewDocument[]>([])
/** laid on this desk to be passed in one go, beside the line */
export const bulk = shallowRef<ReviewDocument[]>([])
/** all that wait, on this desk or on none */
export const waiting = ref(0)
/** what waits, too, and lies on other desks just now */
export const elsewhere = ref(0)
/** whether the server said that there is no more; unknown until it answers, and again once the line is used up */
export const exhausted = ref(false)
export const passed_over = shallowRef(new Set<string>())
export const current = computed(() => line.value[0])

/** Decided here and not sent yet: still claimed, and shown no more. */
const decided = new Set<string>()
let filling: Promise<void> | undefined
let again = false

/** Works while the page is open; answers how to stop. */
export function work(): () => void {
  void refill()
  const timer = setInterval(() => void refill(), HEARTBEAT_MS)
  const stops = [
    onSent(({ case_id }) => decided.delete(case_id)),
    onNews(() => {
      dropDecidedElsewhere()
      if (line.value.length < AHEAD) void refill()
    }),
  ]
  return () => {
    clearInterval(timer)
    for (const stop of stops) stop()
  }
}

/** Says what lies here and asks for more where that is little; calls that come meanwhile are one more. */
export function refill(): Promise<void> {
  if (filling) {
    again = true
    return filling
  }
  filling = untilFull().finally(() => (filling = undefined))
  return filling
}

async function untilFull(): Promise<void> {
  do {
    again = false
    const heard = await ask(
      () => Math.max(0, AHEAD - line.value.length),
      false,
      (given) => (line.value = [...line.value, ...given]),
    )
    if (!heard) return
    fetchAhead(line.value)
  } while (again)
}

/** Lays what nothing is marked on beside the line, at most so many. */
export async function layOutPlain(most: number): Promise<void> {
  await ask(() => most, true, (given) => (bulk.value = [...line.value.filter(isPlain), ...given]))
}

/** Nothing about it needs a second look, as the server's own rule says (review/waiting.py). */
export function isPlain({ case: one, looks }: ReviewDocument): boolean {
  const closure = [...looks].reverse().find(({ act, kept }) => act === 'closures' && !kept)
  const photos = one.photos.filter(({ act_id }) => act_id === closure?.act_id)
  return (
    closure !== undefined && one.outcome === 'fixed' && !one.flags.includes('clock_doubt') &&
    !closure.off_site_reason && !closure.no_photo_reason && photos.some(({ usage }) => usage === 'after') &&
    photos.every(({ missing, refused, marks }) => !missing && !refused && marks.length === 0)
  )
}

/** These are decided, or left for later: the next one is there at once. */
export function takeOff(ids: string[], is_decided: boolean): void {
  for (const id of ids) if (is_decided) decided.add(id)
  const stays = ({ case: one }: ReviewDocument) => !ids.includes(one.id)
  line.value = line.value.filter(stays)
  bulk.value = bulk.value.filter(stays)
  waiting.value = Math.max(0, waiting.value - (is_decided ? ids.length : 0))
  void refill()
}

export function passOver(id: string): void {
  passed_over.value = new Set([...passed_over.value, id])
  takeOff([id], false)
}

/** Nothing is passed over any longer. */
export function startOver(): void {
  passed_over.value = new Set()
  void refill()
}

/** What was decided and taken back lies on top again. */
export function putBack(documents: ReviewDocument[]): void {
  const ids = documents.map(({ case: one }) => one.id)
  for (const id of ids) decided.delete(id)
  line.value = [...documents, ...line.value.filter(({ case: one }) => !ids.includes(one.id))]
  waiting.value += documents.length
  void refill()
}

export function forgetQueue(): void {
  line.value = []
  bulk.value = []
  decided.clear()
  passed_over.value = new Set()
  exhausted.value = false
}

let in_turn: Promise<unknown> = Promise.resolve()

/**
 * One question after the other: whatever a question does not name goes back, and what the last answer gave must be
 * named by the next one.
 */
function ask(want: () => number, plain: boolean, lay: (given: ReviewDocument[]) => void): Promise<boolean> {
  const asked = in_turn.then(async () => {
    const holding = heldIds()
    const wanted = want()
    const body = JSON.stringify({ holding, want: wanted, plain, passed_over: [...passed_over.value] })
    const answer = await askHere<DeskAnswer>(`/api/review_desks/${await deskId()}`, { method: 'PUT', body })
    if (answer.kind !== 'ok') return false
    const { kept, given, waiting: all } = answer.body
    elsewhere.value = answer.body.elsewhere
    const lost = new Set(holding.filter((id) => !kept.includes(id)))
    line.value = line.value.filter(({ case: one }) => !lost.has(one.id))
    bulk.value = bulk.value.filter(({ case: one }) => !lost.has(one.id))
    const here = new Set(heldIds())
    lay(given.filter(({ case: one }) => !here.has(one.id)))
    waiting.value = Math.max(0, all - decidedIds().size)
    if (wanted > 0 && !plain) exhausted.value = given.length < wanted
    return true
  })
  in_turn = asked.catch(() => undefined)
  return asked
}

function heldIds(): string[] {
  const shown = [...line.value, ...bulk.value].map(({ case: one }) => one.id)
  return [...new Set([...shown, ...decidedIds()])]
}

/** Those of an earlier life of this page lie on disk. */
function decidedIds(): Set<string> {
  const kept = deeds.value.filter(({ act, refused }) => JUDGING.includes(act) && !refused)
  return new Set([...decided, ...kept.map(({ case_id }) => case_id)])
}

/** A colleague decided on it from the board, or upstream did. */
function dropDecidedElsewhere(): void {
  const stays = ({ case: one }: ReviewDocument) => TO_BE_JUDGED.includes(rowById(one.id)?.state ?? one.state)
  if (!line.value.every(stays)) line.value = line.value.filter(stays)
  if (!bulk.value.every(stays)) bulk.value = bulk.value.filter(stays)
}
