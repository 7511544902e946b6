import { describe, expect, it } from 'vitest'
import type { Nearby } from '../src/api/types'
import { sentencesOf } from '../src/cases/aloud'
import { clockFace } from '../src/cases/clocks'
import { linesFor } from '../src/cases/contacts'
import { wantsContact } from '../src/cases/contacting'
import { slotsLeft } from '../src/cases/closing'
import { emptyDraft } from '../src/cases/drafts'
import { reasonsFor, wanting } from '../src/cases/inspecting'
import { notesOf, photoGroups, photosOf } from '../src/cases/photo_groups'
import { lastUrge } from '../src/cases/pressing'
import { replyPictureOf } from '../src/cases/reply_picture'
import { ordersToAnswer, requestsToForward } from '../src/cases/requests'
import { ghostOf } from '../src/cases/shooting'
import { showCase } from '../src/cases/showing'
import { drawnAt, marksOf } from '../src/map/marks'
import { isMine } from '../src/map/grids'
import { typeToRecord } from '../src/voice/recording'
import { voiceFor } from '../src/voice/reading_aloud'
import { aCase } from './world'

const now = Date.parse('2026-11-23T17:00:00+08:00')
const photo = (id: string, usage: string, more = {}) => ({ id, usage, sha256: 'x', round: 1, act_id: null, missing: false, refused: null, marks: [], ...more })
const line = (kind: string, more = {}) => ({ seq: 1, kind, at: '2026-11-23T16:00:00+08:00', done_at: null, by: null, round: 1, note: null, ...more })
const request = (id: string, kind: string, state: string, more = {}) => ({
  id, kind, state, by: null, reason: '等材料', detail: {}, until: null, reply_by: null,
  asked_at: '2026-11-23T16:00:00+08:00', decided_at: null, decided_by: null, decision_reason: null, ...more,
})

describe('an inspector’s look', () => {
  it('wants a verdict, why, and a photo or the reason for none', () => {
    const draft = emptyDraft('c1')
    expect(wanting(draft, [])).toBe('verdict')
    expect(wanting({ ...draft, verdict: 'pass' }, [])).toBe('photo')
    expect(wanting({ ...draft, verdict: 'pass' }, [{ usage: 'check' }])).toBeUndefined()
    expect(wanting({ ...draft, verdict: 'pass', no_photo_reason: 'unsafe' }, [])).toBeUndefined()
    expect(wanting({ ...draft, verdict: 'fail' }, [{ usage: 'check' }])).toBe('reason')
    expect(wanting({ ...draft, verdict: 'unable', reason_code: 'no_access' }, [])).toBeUndefined()
  })

  it('has other reasons for a check than for a report', () => {
    expect(reasonsFor('checks', 'fail')).toContain('came_back')
    expect(reasonsFor('verifications', 'fail')).toContain('not_there')
    expect(reasonsFor('checks', 'pass')).toEqual([])
  })
})

describe('photos', () => {
  it('empty slots are what the rule still asks for', () => {
    const rule = { after_min: 2, before_min: 1, outcomes: {}, asked: '', why: '' }
    expect(slotsLeft(aCase({ photo_rule: rule, photos: [] }), emptyDraft('c1'), [])).toEqual(['before', 'after', 'after'])
    expect(slotsLeft(aCase({ photo_rule: rule, photos: [] }), emptyDraft('c1'), [{ usage: 'before' }, { usage: 'after' }])).toEqual(['after'])
  })

  it('the ghost is the newest photo from before that is there; for a check the one from after', () => {
    const photos = [photo('a', 'before'), photo('b', 'report'), photo('c', 'before', { missing: true }), photo('d', 'after')]
    expect(ghostOf(photos)).toContain('/b?')
    expect(ghostOf(photos, true)).toContain('/d?')
    expect(ghostOf([])).toBeUndefined()
  })

  it('those of a note stand on the timeline and not among the evidence', () => {
    const truth = aCase({ photos: [photo('a', 'before'), photo('n', 'scene', { act_id: 'x' })], journal: [line('noted', { act_id: 'x' })] })
    const shown = showCase(truth, [], [])
    expect(photoGroups(photosOf(shown), notesOf(shown)).map(({ kind, photos }) => [kind, photos.length])).toEqual([['before', 1]])
  })

  it('a reply is a picture only once something was photographed after the work', () => {
    const before = aCase({ photos: [photo('a', 'before')] })
    expect(replyPictureOf(showCase(before, [], []), before.photos, now)).toBeUndefined()
    const done = aCase({ photos: [photo('a', 'before'), photo('d', 'after')], handled_at: '2026-11-23T16:20:00+08:00' })
    const picture = replyPictureOf(showCase(done, [], []), done.photos, now)!
    expect([picture.before?.id, picture.after.id]).toEqual(['a', 'd'])
    expect(picture.lines).toEqual(['编号 宛城〔2026〕1001', '地点：中州路 128 号', '处置时间：11月23日 16:20'])
  })
})

describe('what presses', () => {
  it('a nudge is shown as long as its mark stands', () => {
    const journal = [line('urged', { note: '快点', seq: 3 }), line('urged', { note: '再快点', seq: 9 })]
    expect(lastUrge(aCase({ flags: ['urged'], journal }))?.note).toBe('再快点')
    expect(lastUrge(aCase({ flags: [], journal }))).toBeUndefined()
  })

  it('orders by when they want their answer; requests only until they are passed on', () => {
    const requests = [
      request('1', 'supervision', 'open'),
      request('2', 'supervision', 'open', { reply_by: '2026-11-24T10:00:00+08:00' }),
      request('3', 'supervision', 'answered'),
      request('4', 'extension', 'open'),
      request('5', 'shelving', 'forwarded'),
    ]
    expect(ordersToAnswer({ requests }).map(({ id }) => id)).toEqual(['2', '1'])
    expect(requestsToForward({ requests }).map(({ id }) => id)).toEqual(['4'])
  })

  it('the caller wants a call until he was reached', () => {
    expect(wantsContact(aCase({ contact_required: true }))).toBe(true)
    expect(wantsContact(aCase({ contact_required: true, journal: [line('contacted', { facts: { result: 'tried' } })] }))).toBe(true)
    expect(wantsContact(aCase({ contact_required: true, journal: [line('contacted', { facts: { result: 'talked' } })] }))).toBe(false)
  })
})

describe('whom to call', () => {
  it('the duty desk first; nobody twice, nobody without a number', () => {
    const unit = { id: 'u1', name: '东关街道', phone: '0377-0100001' }
    const people = [
      { id: 'p1', name: '王队', role: 'crew_leader' as const, unit, phone: '0377-0100002' },
      { id: 'p2', name: '周', role: 'supervisor' as const, unit, phone: null },
    ]
    const lines = linesFor(aCase({ unit, turn_unit: unit }), undefined, people)
    expect(lines.map(({ name, tel }) => [name, tel])).toEqual([['东关街道', '03770100001'], ['王队', '03770100002']])
  })
})

describe('the map', () => {
  const known: Nearby = { id: 'n1', kind: 'matter', major: '06', minor: '010', location: { type: 'Point', coordinates: [112.5, 32.9] }, state: 'assigned' }

  it('shows his own in the colour of the clock, others’ hollow, nothing twice, nothing ended', () => {
    const own = showCase(aCase({ deadline: '2026-11-23T16:00:00+08:00' }), [], [])
    const ended = showCase(aCase({ id: 'c2', state: 'closed' }), [], [])
    const nearby = [known, { ...known, id: 'c1' }, { ...known, id: 'n2', state: 'closed' }, { ...known, id: 'n3', location: null }]
    expect(marksOf([own, ended], nearby, () => '暴露垃圾', now).map(({ id, look }) => `${id} ${look}`)).toEqual(['n1 known', 'c1 late'])
  })

  it('moves places to pictures that are drawn in another datum, and only then', () => {
    const at = { lon: 112.5414, lat: 32.9986 }
    expect(drawnAt(at, 'wgs84')).toEqual(at)
    expect(drawnAt(at, undefined)).toEqual(at)
    const moved = drawnAt(at, 'gcj02')
    expect((moved.lon - at.lon) * 111_320 * Math.cos((at.lat * Math.PI) / 180)).toBeCloseTo(542, -2)
    expect((moved.lat - at.lat) * 111_320).toBeCloseTo(-225, -2)
  })

  it('points out grids that are somebody’s own, by code or by its beginning', () => {
    expect(isMine('411302001000301', ['411302001'])).toBe(true)
    expect(isMine('411302001000301', ['411302002'])).toBe(false)
    expect(isMine('411302001000301', ['*'])).toBe(false)
  })
})

describe('voices', () => {
  it('records into the first container this engine makes', () => {
    expect(typeToRecord((type) => type === 'audio/mp4')).toBe('audio/mp4')
    expect(typeToRecord(() => false)).toBeUndefined()
  })

  it('reads with a voice of the language, of the phone itself where it has one', () => {
    const [far, near, english] = [{ lang: 'zh-CN', localService: false }, { lang: 'zh_CN', localService: true }, { lang: 'en-US', localService: true }]
    expect(voiceFor('zh', [english, far, near])).toBe(near)
    expect(voiceFor('zh', [english, far])).toBe(far)
    expect(voiceFor('zh', [english])).toBeUndefined()
  })

  it('says what, how long, why it came back, where and how far', () => {
    const truth = aCase()
    const said = sentencesOf(showCase(truth, [], []), clockFace(truth, now), 42)
    expect(said.slice(0, 4)).toEqual(['暴露垃圾', '剩 1 小时 40 分', '中州路 128 号', '离您约 40 米'])
  })
})
