import type { Problem } from '../api/problem'
import { spanWords } from '../words/times'
import { t, word } from '../words/words'
import { isOver } from './deciding'
import type { Act, Photo } from './rows'

export interface Rest {
  until: number
  portal: boolean
}

export interface ShownAct {
  act: Act
  title: string
  /** what is happening with it, in one line */
  line: string
  /** for the person to decide about */
  parked: boolean
  /** 0 to 1, by bytes */
  share: number
}

/** `arrived`: bytes of a photo seen on their way. `rest`: of the whole queue, where it rests. */
export function showAct(
  act: Act,
  photos: Photo[],
  arrived: (photo_id: string) => number,
  rest: Rest | undefined,
  now: number,
): ShownAct {
  const own = photos.filter((photo) => act.photos.includes(photo.photo_id))
  const parked = act.state === 'parked'
  const line = parked ? sentenceOf(act.problem) : waitingLine(act, own, rest, now)
  return { act, title: word('act', act.act), line, parked, share: shareOf(own, arrived) }
}

function waitingLine(act: Act, photos: Photo[], rest: Rest | undefined, now: number): string {
  const done = photos.filter((photo) => photo.held).length
  const parts = photos.length ? [t('outbox.photos', { done, count: photos.length })] : []
  if (act.told) parts.push(t('outbox.told'))
  if (rest) parts.push(t(rest.portal ? 'outbox.portal' : 'outbox.resting', { time: soon(rest.until - now) }))
  else if (!isOver(act.not_before, now)) parts.push(t('outbox.later', { time: soon(act.not_before - now) }))
  else parts.push(t('outbox.waiting'))
  return parts.join(' · ')
}

/** The server's own sentence where it gave one. */
export function sentenceOf(problem: Problem | undefined): string {
  if (!problem) return t('outbox.parked')
  if (problem.title) return problem.title
  const known = word('problem', problem.code)
  return known === problem.code ? t('problem.unknown', { code: problem.code }) : known
}

function shareOf(photos: Photo[], arrived: (photo_id: string) => number): number {
  const all = photos.reduce((sum, photo) => sum + photo.length, 0)
  if (all === 0) return 0
  const there = photos.reduce((sum, photo) => sum + (photo.held ? photo.length : Math.min(photo.length, arrived(photo.photo_id))), 0)
  return there / all
}

/** Rounded up to a minute: nobody counts seconds in the street. */
function soon(ms: number): string {
  return spanWords(Math.max(60_000, ms + 59_999))
}
