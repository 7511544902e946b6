// Pairing the phones of one's people, ending them, printing sheets. All of it needs the network, and says so.
import type { Answer } from '../api/asking'
import { askAs, renewSession } from '../api/renewing'
import type { components } from '../api/schema'
import type { Identity } from '../local/identities'
import { t } from '../words/words'

export type PairingCode = components['schemas']['PairingCodeAnswer']
export type Ending = 'lost' | 'returned' | 'replaced'

export const ENDINGS: Ending[] = ['lost', 'returned', 'replaced']
const SHEET_TIMEOUT_MS = 60_000
const OVER = 401

/** A code of ten minutes for this person's phone, or for the phone of a post; a sentence where there is none. */
export async function newPairingCode(who: Identity, person_id: string, post_id?: string): Promise<PairingCode | string> {
  const body = JSON.stringify(post_id ? { post_id } : {})
  return said(await askAs<PairingCode>(who, `/api/people/${person_id}/pairing_codes`, { method: 'POST', body }))
}

/** '' when done. */
export async function endPhone(who: Identity, device_id: string, how: Ending): Promise<string> {
  const body = JSON.stringify({ as: how })
  const answer = said(await askAs<unknown>(who, `/api/devices/${device_id}/endings`, { method: 'POST', body }))
  return typeof answer === 'string' ? answer : ''
}

/** He is back before his time; '' when done. */
export async function endAbsence(who: Identity, absence_id: string): Promise<string> {
  const answer = await askAs<unknown>(who, `/api/absences/${absence_id}`, { method: 'DELETE' })
  return answer.kind === 'ok' ? '' : String(said(answer))
}

/** The sheet as a PDF, or the sentence that says why not. */
export async function printSheet(who: Identity, people: string[], language: 'zh' | 'en'): Promise<File | string> {
  const first = await askForSheet(people, language)
  const answer = first?.status === OVER && (await renewSession(who)).kind === 'ok' ? await askForSheet(people, language) : first
  if (!answer) return t('signin.no_network')
  if (!answer.ok) return t('phones.no_sheet')
  return new File([await answer.blob()], 'pairing.pdf', { type: 'application/pdf' })
}

/** Whole seconds that a code is still good, never less than none. */
export function secondsLeft(expires_at: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(expires_at) - now) / 1000))
}

/** 「9:05」 */
export function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

async function askForSheet(people: string[], language: 'zh' | 'en'): Promise<Response | undefined> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), SHEET_TIMEOUT_MS)
  try {
    return await fetch('/api/pairing_sheets', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ people, language }),
      signal: patience.signal,
    })
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function said<T>(answer: Answer<T>): T | string {
  if (answer.kind === 'ok') return answer.body
  return answer.kind === 'silence' ? t('signin.no_network') : answer.problem.title
}
