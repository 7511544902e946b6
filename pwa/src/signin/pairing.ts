import { ask, type Answer } from '../api/asking'
import { newDeviceKey } from '../api/signing'
import type { PairingAnswer, SessionAnswer } from '../api/types'
import { change, read } from '../local/database'
import {
  becomeCurrent,
  becomePostsPhone,
  identityOf,
  keepIdentity,
  type Identity,
  type PendingKey,
} from '../local/identities'
import { word, t } from '../words/words'
import { sessionEnded } from './leaving'

export interface Credentials {
  staff_no: string
  password: string
  code: string
}

export interface Failed {
  /** for the person at the screen */
  sentence: string
  /** the refusal's; '' where the server said nothing */
  code: string
  /** this phone's pairing was ended: a new code is needed */
  pair_again: boolean
}

/** undefined: signed in, or the phone is a post's now and asks for whoever's PIN. */
export async function signIn(given: Credentials): Promise<Failed | undefined> {
  // A code given means pairing anew, also where an earlier pairing of this phone was ended.
  const known = given.code ? undefined : await identityOf(given.staff_no)
  const paired = known ?? (await pair(given))
  if ('sentence' in paired) return paired
  if (paired.post && given.code) {
    await becomePostsPhone(paired)
    return forgetPending(given.staff_no)
  }
  if (!given.password) return { sentence: t('signin.empty_password'), code: '', pair_again: false }
  return enter(paired, { staff_no: given.staff_no, password: given.password })
}

/** On a post's phone: one of its people, by PIN, or by password where he has none yet. */
export async function enter(
  by: Identity,
  given: { staff_no: string; password: string } | { staff_no: string; pin: string },
): Promise<Failed | undefined> {
  const body = JSON.stringify({ ...given, device_id: by.device_id })
  await sessionEnded()
  const answer = await ask<SessionAnswer>('/api/sessions', { method: 'POST', body })
  if (answer.kind !== 'ok') return failure(answer)
  const { id, name, role } = answer.body.person
  const { staff_no } = given
  await becomeCurrent({ ...by, staff_no, base_url: answer.body.base_url, person: { id, name, role } })
  await forgetPending(staff_no)
  void navigator.storage?.persist?.().catch(() => false)
  return undefined
}

/** Binds this phone's key to the person. The key is kept until he is in: the same code and key is the same pairing. */
async function pair({ staff_no, code }: Credentials): Promise<Identity | Failed> {
  const key = await pendingKey(staff_no)
  const body = JSON.stringify({ staff_no, code, public_key: key.public_key, device: deviceNames() })
  const answer = await ask<PairingAnswer>('/api/pairings', { method: 'POST', body })
  if (answer.kind !== 'ok') return failure(answer)
  const { device_id, base_url, post } = answer.body
  const shared = post ? { post: post.post, people: post.items } : {}
  const one: Identity = { device_id, base_url, staff_no, private_key: key.private_key, person: null, ...shared }
  await keepIdentity(one)
  return one
}

async function pendingKey(staff_no: string): Promise<PendingKey> {
  const name = pendingName(staff_no)
  const kept = await read(['settings'], (rows) => rows.get<PendingKey>('settings', name))
  if (kept) return kept
  const made = await newDeviceKey()
  await change(['settings'], (rows) => rows.put('settings', made, name))
  return made
}

async function forgetPending(staff_no: string): Promise<undefined> {
  await change(['settings'], (rows) => rows.remove('settings', pendingName(staff_no)))
}

function pendingName(staff_no: string): string {
  return `pairing:${staff_no}`
}

function failure(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): Failed {
  if (answer.kind === 'silence') return { sentence: t('signin.no_network'), code: 'no_network', pair_again: false }
  const { title, code } = answer.problem
  return { sentence: title || word('problem', code), code, pair_again: code.startsWith('device_') }
}

/** Words for the list of a person's phones, so that he knows which one he has lost. */
function deviceNames(): { name: string; platform: string } {
  const agent = navigator.userAgent
  const model = /Android [\d.]+; ([^;)]+)/.exec(agent)?.[1]?.replace(/ Build\/.*/, '')
  const platform = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : 'desktop'
  return { name: (model ?? platform).slice(0, 60), platform }
}

/** Which fields are still empty, in the words to say so. A code may be a post's, which asks for no password. */
export function missing(given: Credentials, is_paired: boolean): string | undefined {
  if (!given.staff_no) return t('signin.empty_staff_no')
  if (!is_paired && !given.code) return t('signin.empty_code')
  if (is_paired && !given.password) return t('signin.empty_password')
  return undefined
}

/** Without these two the phone cannot sign what its person does. */
export function canKeepKeys(): boolean {
  return typeof indexedDB !== 'undefined' && typeof crypto !== 'undefined' && crypto.subtle !== undefined
}
