// What lay on phones when each version of their database was the newest. Frozen: a later build must find all of it.
import type { StoreName } from '../src/local/database'

type Rows = Partial<Record<StoreName, { key?: IDBValidKey; value: unknown }[]>>

/** Of the bytes 1 2 3. */
const SHA = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'
const PHOTO = '0190a000-0000-7000-8000-0000000000aa'
const ACT = {
  n: 1, act_id: '0190a000-0000-7000-8000-000000000001', case_id: 'c1', act: 'closures',
  wire: `{"clock":null,"done_at":"2026-11-23T10:00:00+08:00","no_place_reason":"no_fix","outcome":"fixed","photos":[{"photo_id":"${PHOTO}","sha256":"${SHA}"}],"place":null}`,
  signature: 'head..tail', device_id: 'd1', person_id: 'p1', about: '暴露垃圾', photos: [PHOTO],
  made_at: 1_795_000_000_000, state: 'waiting', tries: 0, not_before: 0,
}

/** Rows in the order of their keys. Of version 1: a closure with one photo waits, another is begun, one was sent, the list was read. */
const FIRST: Rows = {
  settings: [
    { key: 'current', value: 'd1' },
    { key: 'cursor', value: { epoch: 'e', seq: 40, roster: 1, until: 0, pulled_at: 1_795_000_000_000 } },
    { key: 'language', value: 'zh' },
  ],
  identities: [{ value: { device_id: 'd1', staff_no: 'WC1001', base_url: 'https://moshao.test', person: { id: 'p1', name: '张建国', role: 'handler' } } }],
  cases: [{ value: { id: 'c1', state: 'in_progress' } }],
  drafts: [{ value: { case_id: 'c2', photos: [], outcome: 'persuaded' } }],
  outbox: [{ value: ACT }],
  sent: [{ value: { ...ACT, n: 7, act_id: '0190a000-0000-7000-8000-000000000002', photos: [], sent_at: 1_795_000_000_000 } }],
  photos: [{ value: { photo_id: PHOTO, case_id: 'c1', sha256: SHA, length: 3, usage: 'after', taken_at: 1_795_000_000_000, source: 'camera', slices: 1, tries: 0, held: false } }],
  slices: [{ key: [PHOTO, 0], value: new Uint8Array([1, 2, 3]).buffer }],
}

/** By version, the first at 1. */
export const ERAS: Rows[] = [{}, FIRST, { ...FIRST, nearby: [{ value: { id: 'n1', kind: 'matter', major: '06', minor: '010', state: 'assigned' } }] }]
