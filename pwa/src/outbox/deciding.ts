// What becomes of a waiting act: pure decisions, the same in the page and in the worker.
import type { Answer } from '../api/asking'
import type { Problem } from '../api/problem'
import type { ActAnswer, Receipt } from '../api/types'
import type { Act, Photo } from './rows'

export type Step =
  | { to: 'told'; receipt: Receipt; verdict: string }
  | { to: 'parked'; problem: Problem }
  /** this one later, the others now */
  | { to: 'later'; after_ms?: number | undefined }
  /** the network or the whole server is away: all rest. `busy`: it answered that it has no time */
  | { to: 'rest'; after_ms?: number | undefined; busy?: boolean; portal?: boolean | undefined }
  | { to: 'session' }
  | { to: 'wipe' }

export const LONGEST_REST_MS = 15 * 60_000
const FIRST_REST_MS = 4_000
/** About half a minute: several ups and downs of a network that is there for seconds. */
const QUICK_TRIES = 100
/** Each is a second in which a network that is there for three was not used. */
const QUICK_MS = 300

/** The oldest act that may go now. What was done on one case goes in the order in which it was done. */
export function nextAct(acts: Act[], is_sent_here: (act: Act) => boolean, now: number, passed: Set<string>): Act | undefined {
  const held_up = new Set<string>()
  for (const act of acts) {
    if (!is_sent_here(act) || act.state === 'parked') continue
    const ready = isOver(act.not_before, now) && !passed.has(act.act_id) && !(act.case_id && held_up.has(act.case_id))
    if (ready) return act
    if (act.case_id && !act.told) held_up.add(act.case_id)
  }
  return undefined
}

/** Whether a rest until then has ended. None is longer than a quarter of an hour: the clock was set back in it. */
export function isOver(until: number, now: number): boolean {
  return until <= now || until > now + LONGEST_REST_MS
}

export function afterPut(act: Act, sha256s: Record<string, string>, answer: Answer<ActAnswer>): Step {
  if (answer.kind === 'silence') return { to: 'rest', portal: answer.portal }
  if (answer.kind === 'problem') return afterProblem(answer.problem, answer.headers)
  const receipt = answer.body?.receipt
  if (!isReceiptFor(receipt, act, sha256s)) return { to: 'rest' }
  return { to: 'told', receipt, verdict: answer.body.verdict ?? 'done' }
}

export function afterProblem(problem: Problem, headers: Headers): Step {
  const after_ms = retryAfterMs(headers)
  if (problem.status === 401) return afterUnauthorized(problem)
  if (problem.status === 429 || problem.status === 503) return { to: 'rest', after_ms, busy: true }
  if (problem.status >= 500 || problem.retry) return { to: 'later', after_ms }
  return { to: 'parked', problem }
}

function afterUnauthorized(problem: Problem): Step {
  if (problem.code === 'device_lost') return { to: 'wipe' }
  // A signature that is wrong today is wrong tomorrow; a new session would not mend it.
  if (problem.code.startsWith('signature_')) return { to: 'parked', problem }
  return { to: 'session' }
}

/** Only a receipt that names the act and each of its photos counts: 200 alone may be a captive portal's. */
export function isReceiptFor(receipt: Receipt | undefined, act: Act, sha256s: Record<string, string>): receipt is Receipt {
  if (!receipt || receipt.act_id !== act.act_id) return false
  if (act.case_id !== null && receipt.case_id !== act.case_id) return false
  return act.photos.every(
    (id) =>
      receipt.photos?.[id] === sha256s[id] ||
      receipt.photos_missing?.includes(id) === true ||
      receipt.photos_refused?.[id] !== undefined,
  )
}

/** Whether an act may leave the outbox. `refused`: the server has it, but one of its photos can never count. */
export function standing(act: Act, photos: Photo[]): 'owed' | 'refused' | 'settled' {
  if (!act.told) return 'owed'
  const by_id = new Map(photos.map((photo) => [photo.photo_id, photo]))
  const fates = act.photos.map((id) => fateOf(by_id.get(id), act.told!.receipt.photos_refused[id]))
  if (fates.includes('owed')) return 'owed'
  return fates.includes('refused') ? 'refused' : 'settled'
}

function fateOf(photo: Photo | undefined, refused: string | undefined): 'owed' | 'refused' | 'held' {
  if (refused !== undefined || photo?.problem) return 'refused'
  return photo && !photo.held ? 'owed' : 'held'
}

/** 4 s, 8 s, 16 s … 15 minutes, each between half and once and a half of it; for ever. */
export function restMs(tries: number, random: number = Math.random()): number {
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(tries, 20) * (0.5 + random))
}

/** Nobody answers: at first three times a second, for networks that come and go by seconds; then as any other rest. */
export function silenceMs(tries: number, random: number = Math.random()): number {
  return tries < QUICK_TRIES ? QUICK_MS * (0.5 + random) : restMs(tries - QUICK_TRIES, random)
}

export function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? NaN)
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_REST_MS) : undefined
}
