import { beforeEach, describe, expect, it } from 'vitest'
import { accept } from '../src/cases/accepting'
import { closeOnSite, offSiteM, photosAsked, wanting } from '../src/cases/closing'
import { addPhoto, choose, dropPhoto, emptyDraft, readDraft } from '../src/cases/drafts'
import { readCase, readShelf } from '../src/cases/shelf'
import { inOrder, matches, showCase, titleOf } from '../src/cases/showing'
import { change, read } from '../src/local/database'
import type { Identity } from '../src/local/identities'
import { openActs, photoBytes } from '../src/outbox/rows'
import { hash } from './fake_server'
import { aCase, aPhoto, closed, emptyPhone, zhang } from './world'

let who: Identity

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
  await change(['cases'], (rows) => rows.put('cases', aCase()))
})

describe('what the list shows', () => {
  it('is server truth with the pending closure on top', async () => {
    await closed(who, 'c1', 2)
    const shown = await readCase('c1')
    expect(shown).toMatchObject({ state: 'handled', pending: '已处置 · 待上传 2 张', trouble: false, group: 'handed_in' })
    expect(shown!.truth.state).toBe('in_progress')
  })

  it('counts an acceptance that is not sent yet as accepted', async () => {
    await change(['cases'], (rows) => rows.put('cases', aCase({ state: 'assigned' })))
    await accept(who, aCase({ state: 'assigned' }))
    expect(await readCase('c1')).toMatchObject({ state: 'in_progress', pending: '已接单 · 待上传', group: 'todo' })
  })

  it('gives a case back to do when its closure was not taken', async () => {
    const act = await closed(who, 'c1', 1)
    const parked = { ...act, state: 'parked' as const }
    expect(showCase(aCase(), [parked], [])).toMatchObject({ state: 'in_progress', trouble: true, group: 'todo' })
  })

  it('is ordered by deadline', () => {
    const at = (id: string, deadline: string | null) => showCase(aCase({ id, deadline }), [], [])
    const list = [at('a', null), at('b', '2026-11-23T12:00:00Z'), at('c', '2026-11-23T20:00:01+08:00')]
    expect(inOrder(list).todo.map((one) => one.truth.id)).toEqual(['b', 'c', 'a'])
  })

  it('is searched by every word', async () => {
    const [shown] = await readShelf()
    expect(matches(shown!, '中州路 垃圾')).toBe(true)
    expect(matches(shown!, '1001')).toBe(true)
    expect(matches(shown!, '中州路 井盖')).toBe(false)
  })

  it('has a title even where the class is unknown', () =>
    expect(titleOf(aCase({ minor_name: null, major_name: null }))).toBe('路口东北角堆放垃圾'))
})

describe('photos before the submit', () => {
  it('are on disk byte for byte', async () => {
    const photo = await aPhoto('c1', 700_000)
    expect(photo.slices).toBe(3)
    const bytes = await photoBytes(photo)
    expect(hash(new Uint8Array(bytes))).toBe(photo.sha256)
  })

  it('can be taken again', async () => {
    const first = await aPhoto('c1')
    const second = await aPhoto('c1')
    await dropPhoto('c1', first.photo_id)
    expect((await readDraft('c1')).photos.map((photo) => photo.photo_id)).toEqual([second.photo_id])
    expect(await read(['slices'], (rows) => rows.count('slices'))).toBe(second.slices)
  })

  it('keep the place where they were taken', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const fix = { lon: 112.5, lat: 33, accuracy_m: 8, at: 0 }
    const photo = await addPhoto('c1', { bytes: bytes.buffer, sha256: hash(bytes), taken_at: 0, source: 'camera' }, fix)
    expect(photo).toMatchObject({ lon: 112.5, lat: 33, accuracy_m: 8 })
  })
})

describe('closing', () => {
  const far = { lon: 112.56, lat: 32.9986, accuracy_m: 10, at: 0 }
  const near = { ...far, lon: 112.5415 }

  const after = { usage: 'after' as const }
  const before = { usage: 'before' as const }
  const rule = (given: object) => aCase({ photo_rule: { ...aCase().photo_rule, ...given } })

  it('wants photos by the class’s rule, or a chip', () => {
    expect(wanting(aCase(), emptyDraft('c1'), [], undefined)).toBe('after_photo')
    expect(wanting(aCase(), emptyDraft('c1'), [after], undefined)).toBeUndefined()
    expect(wanting(aCase(), { ...emptyDraft('c1'), no_photo_reason: 'unsafe' }, [], undefined)).toBeUndefined()
    expect(wanting(rule({ after_min: 2 }), emptyDraft('c1'), [after], undefined)).toBe('after_photo')
  })

  it('wants one from before only where the case has none', () => {
    const bare = aCase({ photos: [] })
    expect(photosAsked(aCase(), 'fixed')).toEqual({ before: 0, after: 1 })
    expect(wanting(bare, emptyDraft('c1'), [after], undefined)).toBe('before_photo')
    expect(wanting(bare, emptyDraft('c1'), [before], undefined)).toBe('after_photo')
    expect(wanting(bare, emptyDraft('c1'), [before, after], undefined)).toBeUndefined()
  })

  it('asks other photos for other outcomes', () => {
    const none = rule({ outcomes: { not_found: { after_min: 0, before_min: 0 } } })
    expect(wanting(none, { ...emptyDraft('c1'), outcome: 'not_found' }, [], undefined)).toBeUndefined()
  })

  it('wants a chip outside the fence only', () => {
    const draft = emptyDraft('c1')
    expect(wanting(aCase(), draft, [after], offSiteM(aCase(), near))).toBeUndefined()
    expect(offSiteM(aCase(), far)).toBeGreaterThan(1_500)
    expect(offSiteM(aCase(), far, 5_000)).toBeUndefined()
    expect(wanting(aCase(), draft, [after], offSiteM(aCase(), far))).toBe('off_site_reason')
    expect(offSiteM(aCase({ location: null }), far)).toBeUndefined()
    expect(offSiteM(aCase(), undefined)).toBeUndefined()
  })

  it('says in its body what was done, where, by which bytes', async () => {
    const photo = await aPhoto('c1')
    await choose('c1', { outcome: 'persuaded', off_site_reason: 'weak_signal' })
    const { draft, photos } = await readDraft('c1')
    const act = await closeOnSite(who, aCase(), draft, photos, { fix: far, none_because: 'no_fix' })
    expect(JSON.parse(act.wire)).toMatchObject({
      outcome: 'persuaded',
      off_site_reason: 'weak_signal',
      photos: [{ photo_id: photo.photo_id, sha256: photo.sha256 }],
      place: { location: { type: 'Point', coordinates: [112.56, 32.9986] }, accuracy_m: 10, datum: 'wgs84' },
    })
    expect(JSON.parse(act.wire)).not.toHaveProperty('no_photo_reason')
    expect(JSON.parse(act.wire)).not.toHaveProperty('no_place_reason')
  })

  it('says why it has no place', async () => {
    const act = await closed(who, 'c1', 0)
    expect(JSON.parse(act.wire)).toMatchObject({ place: null, no_place_reason: 'no_fix', no_photo_reason: 'unsafe' })
  })

  it('ends its draft in the same transaction', async () => {
    await closed(who, 'c1', 1)
    expect((await readDraft('c1')).draft).toEqual(emptyDraft('c1'))
    expect(await openActs()).toHaveLength(1)
  })
})
