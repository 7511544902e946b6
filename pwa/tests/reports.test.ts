import { beforeEach, describe, expect, it } from 'vitest'
import type { Catalogue } from '../src/api/types'
import { addPhoto, choose, OF_A_REPORT, readDraft } from '../src/cases/drafts'
import { change } from '../src/local/database'
import type { Identity } from '../src/local/identities'
import { photosOf } from '../src/outbox/rows'
import { keyOf, offeredClasses, searchClasses } from '../src/reports/classes'
import { knownNearby } from '../src/reports/known'
import { report, wanting } from '../src/reports/reporting'
import { hash } from './fake_server'
import { aCase, emptyPhone, zhang } from './world'

const rubbish = aClass('010', '暴露垃圾', '成堆的，袋装或散装')
const water = aClass('020', '道路积水')
const stall = aClass('006', '占道经营', '占人行道或车行道')
const catalogue = { code_set: 'GB', code_sets: [], groups: [], photo_rules: [], classes: [water, rubbish, stall] } as Catalogue
const here = { lon: 112.5414, lat: 32.9986, accuracy_m: 8, at: Date.now() }
let who: Identity

function aClass(minor: string, name_zh: string, help_zh = ''): Catalogue['classes'][number] {
  return {
    kind: 'matter', major: '06', minor, major_zh: '环境卫生', major_en: '', name_zh, name_en: '', group: '环卫保洁', component: '',
    self_handling: true, help_zh, help_en: '', not_to_confuse_with: '', photo_rule: 0,
  }
}

async function photographed(usage: 'report' | 'after') {
  const bytes = new Uint8Array(100).fill(usage.length)
  return addPhoto(OF_A_REPORT, { bytes: bytes.buffer, sha256: hash(bytes), taken_at: Date.now(), source: 'camera' }, here, usage)
}

async function reported() {
  const { draft, photos } = await readDraft(OF_A_REPORT)
  return report(who, { catalogue, case_class: rubbish, description: '' }, draft, photos, { fix: here, none_because: 'no_fix' })
}

beforeEach(async () => {
  await emptyPhone()
  who = await zhang()
})

describe('a report', () => {
  it('wants a photo and a class, and one of after where it was fixed at once', () => {
    const draft = { case_id: OF_A_REPORT, photos: [], outcome: 'fixed' as const }
    const classed = { ...draft, case_class: keyOf(rubbish) }
    expect(wanting(classed, [])).toBe('photo')
    expect(wanting(draft, [{ usage: 'report' }])).toBe('class')
    expect(wanting(classed, [{ usage: 'report' }])).toBeUndefined()
    expect(wanting({ ...classed, self_handled: true }, [{ usage: 'report' }])).toBe('after_photo')
    expect(wanting({ ...classed, self_handled: true }, [{ usage: 'report' }, { usage: 'after' }])).toBeUndefined()
  })

  it('says what and where, belongs to no case yet, and ends its draft', async () => {
    await photographed('report')
    await choose(OF_A_REPORT, { case_class: keyOf(rubbish) })
    const act = await reported()
    expect(JSON.parse(act.wire)).toMatchObject({ kind: 'matter', major: '06', minor: '010', code_set: 'GB', photos: [{}] })
    expect(JSON.parse(act.wire)).not.toHaveProperty('self_handled')
    expect(act).toMatchObject({ case_id: null, about: '暴露垃圾' })
    expect((await photosOf(act))[0]).toMatchObject({ case_id: null, usage: 'report' })
    expect((await readDraft(OF_A_REPORT)).photos).toEqual([])
  })

  it('of something fixed on the spot shows it before and after', async () => {
    await photographed('report')
    await photographed('after')
    await choose(OF_A_REPORT, { case_class: keyOf(rubbish), self_handled: true })
    const act = await reported()
    expect(JSON.parse(act.wire)).toMatchObject({ self_handled: true })
    expect((await photosOf(act)).map((photo) => photo.usage)).toEqual(['before', 'after'])
  })
})

describe('classes', () => {
  it('offered first are those reported last, then those about here, then those with a help', async () => {
    expect((await offeredClasses(catalogue)).map((one) => one.minor)).toEqual(['010', '006'])
    await change(['nearby'], (rows) => rows.put('nearby', { id: 'n1', kind: 'matter', major: '06', minor: '020', location: null, state: 'assigned' }))
    await photographed('report')
    await choose(OF_A_REPORT, { case_class: keyOf(rubbish) })
    await reported()
    expect((await offeredClasses(catalogue)).map((one) => one.minor)).toEqual(['010', '020', '006'])
  })

  it('are found by name, help and number', () => {
    expect(searchClasses(catalogue, '垃圾')).toEqual([rubbish])
    expect(searchClasses(catalogue, '人行道 占')).toEqual([stall])
    expect(searchClasses(catalogue, '06020')).toEqual([water])
    expect(searchClasses(catalogue, '垃圾 积水')).toEqual([])
  })
})

describe('what is in hand close by', () => {
  it('is told nearest first, of the same class where one is chosen, and never what is over', async () => {
    const at = (lon: number) => ({ type: 'Point' as const, coordinates: [lon, 32.9986] })
    await change(['cases', 'nearby'], async (rows) => {
      await rows.put('cases', aCase({ id: 'c1', major: '06', minor: '010', location: at(112.5418) }))
      await rows.put('cases', aCase({ id: 'c2', state: 'closed', location: at(112.5414) }))
      await rows.put('nearby', { id: 'n1', kind: 'matter', major: '06', minor: '006', location: at(112.5415), state: 'assigned' })
      await rows.put('nearby', { id: 'n2', kind: 'matter', major: '06', minor: '010', location: at(112.56), state: 'assigned' })
    })
    expect((await knownNearby(here, 50, undefined)).map((one) => one.key)).toEqual([keyOf(stall), keyOf(rubbish)])
    expect((await knownNearby(here, 50, keyOf(rubbish))).map((one) => Math.round(one.distance_m))).toEqual([37])
  })
})
