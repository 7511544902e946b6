// 老张 and his phone: small makers for tests.
import { newDeviceKey } from '../src/api/signing'
import type { Case } from '../src/api/types'
import { closeOnSite } from '../src/cases/closing'
import { addPhoto, readDraft } from '../src/cases/drafts'
import { change, STORES } from '../src/local/database'
import { becomeCurrent, type Identity } from '../src/local/identities'
import type { Act } from '../src/outbox/rows'
import { hash } from './fake_server'

export async function emptyPhone(): Promise<void> {
  await change([...STORES], async (rows) => {
    for (const store of STORES) await rows.clear(store)
  })
}

export async function zhang(): Promise<Identity> {
  const { private_key } = await newDeviceKey()
  const one = { device_id: 'd1', staff_no: 'WC1001', private_key, base_url: 'https://moshao.test', person: { id: 'p1', name: '张建国', role: 'handler' } }
  await becomeCurrent(one)
  return one
}

export function aCase(given: Partial<Case> = {}): Case {
  return {
    id: 'c1',
    seq: 1,
    case_no: '宛城〔2026〕1001',
    external_case_id: null,
    source: { code: null, name: null, no: null },
    state: 'in_progress',
    round: 1,
    flags: [],
    urgency: 'normal',
    code_set: 'GB/T 47678.5-2026',
    kind: 'matter',
    major: '01',
    minor: '001',
    major_name: '市容环境',
    minor_name: '暴露垃圾',
    condition: null,
    title: null,
    description: '路口东北角堆放垃圾，散发异味',
    address: '中州路 128 号',
    location: { type: 'Point', coordinates: [112.5414, 32.9986] },
    grid_code: null,
    component_code: null,
    reporter: null,
    reporter_id: null,
    deadline: '2026-11-23T18:40:00+08:00',
    handback_deadline: null,
    reply_due_at: null,
    contact_required: false,
    allow: { handback: true, extension: true },
    clock: aClock(),
    closing_condition: null,
    closing_condition_is: null,
    photo_rule: { after_min: 1, before_min: 1, outcomes: {}, asked: '', why: '' },
    unit: null,
    turn_unit: null,
    handler: null,
    crew: null,
    inspector: null,
    helpers: [],
    lead_case_id: null,
    merged: [],
    outcome: null,
    reported_at: null,
    dispatched_at: null,
    handled_at: null,
    ended_at: null,
    on_time: null,
    shelved_until: null,
    extensions: 0,
    photos: [aShownPhoto()],
    requests: [],
    reasons: [],
    journal: [],
    ...given,
  }
}

export function aClock(given: Partial<Case['clock']> = {}): Case['clock'] {
  return {
    state: 'running',
    limit: { value: 2, unit: 'urgent_hour', provisional: false },
    started_at: '2026-11-23T16:40:00+08:00',
    stopped_at: null,
    remaining_s: null,
    warn_at: ['2026-11-23T17:40:00+08:00', '2026-11-23T18:16:00+08:00'],
    why: '2 紧急工作时, 夜间照计',
    why_code: 'urgent_hour',
    work_time: null,
    ...given,
  }
}

export function aShownPhoto(given: Partial<Case['photos'][number]> = {}): Case['photos'][number] {
  return { id: 'b1', sha256: null, usage: 'before', round: 1, act_id: null, missing: false, refused: null, marks: [], ...given }
}

let made = 0

export async function aPhoto(case_id: string, length = 300_000) {
  made += 1
  const bytes = new Uint8Array(length).map((_, index) => (index * 31 + made * 7) & 255)
  const taken = { bytes: bytes.buffer, sha256: hash(bytes), taken_at: Date.now(), source: 'camera' as const }
  return addPhoto(case_id, taken, undefined)
}

/** 老张 closes a case with so many photos, wherever the network is. */
export async function closed(who: Identity, case_id = 'c1', photos = 2, length?: number): Promise<Act> {
  for (let n = 0; n < photos; n++) await aPhoto(case_id, length)
  const kept = await readDraft(case_id)
  const chosen = photos ? kept.draft : { ...kept.draft, no_photo_reason: 'unsafe' as const }
  return closeOnSite(who, aCase({ id: case_id }), chosen, kept.photos, { fix: undefined, none_because: 'no_fix' })
}
