import { beforeEach, describe, expect, it } from 'vitest'
import type { Me } from '../src/api/types'
import { askForExtension } from '../src/cases/extending'
import { reasonWords } from '../src/cases/reasons'
import { handBack } from '../src/cases/handing_back'
import { mayDo, onBehalfOf } from '../src/cases/may'
import { showCase } from '../src/cases/showing'
import { aCase, emptyPhone, zhang } from './world'

const now = Date.parse('2026-11-23T17:00:00+08:00')
const zhang_id = { id: 'p1', name: '张建国' }

function me(role: Me['person']['role'], id = 'p1'): Me {
  const unit = { id: 'u1', name: '汉冶街道' }
  return {
    person: { id, name: '张', staff_no: 'WC1001', role, unit, district: { id: 'd', name: '宛城区' } },
    unit: { ...unit, code: '1', phone: null },
    device: null,
    settings: {
      zone: 'Asia/Shanghai',
      code_set: 'GB/T 47678.5-2026',
      acceptance: 'explicit',
      unit_review: 'always',
      report_roles: ['inspector', 'handler'],
      fence_m: 100,
      nearby_m: 50,
      photo_px: 1600,
      photo_kb: 400,
      handback_hours: 24,
      extensions_most: 2,
      appeal_days: 7,
    },
    crew_ids: ['k1'],
    roster: 1,
    base_url: 'https://moshao.test',
    server_time: '2026-11-23T17:00:00+08:00',
    map: null,
  }
}

const may = (given: Parameters<typeof aCase>[0], who = me('handler')) =>
  [...mayDo(showCase(aCase({ handler: zhang_id, ...given }), [], []), who, now)].sort()

describe('who may do what', () => {
  it('a handler with his own case', () => {
    expect(may({ state: 'assigned' })).toEqual(['acceptances', 'closures', 'extensions', 'handbacks', 'notes'])
    expect(may({ state: 'in_progress' })).toEqual(['closures', 'extensions', 'handbacks', 'notes'])
    expect(may({ state: 'handled' })).toEqual(['notes'])
  })

  it('a mate only helps', () => {
    const helped = { handler: { id: 'p2', name: '李' }, helpers: [zhang_id], state: 'in_progress' }
    expect(may(helped)).toEqual(['closures', 'notes'])
    expect(may({ ...helped, helpers: [] })).toEqual([])
  })

  it('a crew’s case belongs to each of the crew until one accepts', () => {
    const crew = { handler: null, crew: { id: 'k1', name: '一班' }, state: 'assigned' }
    expect(may(crew)).toContain('acceptances')
    expect(may({ ...crew, crew: { id: 'k2', name: '二班' } })).toEqual([])
  })

  it('a crew leader closes for the person who has it, and says so', () => {
    const leader = me('crew_leader', 'p9')
    expect(may({ state: 'in_progress' }, leader)).toEqual(['closures', 'extensions', 'notes', 'shelvings'])
    expect(onBehalfOf(aCase({ handler: zhang_id }), leader)).toEqual(zhang_id)
    expect(onBehalfOf(aCase({ handler: zhang_id }), me('handler'))).toBeUndefined()
  })

  it('no more than what upstream and the clock allow', () => {
    expect(may({ allow: { handback: false, extension: false } })).toEqual(['closures', 'notes'])
    expect(may({ handback_deadline: '2026-11-23T16:59:00+08:00' })).not.toContain('handbacks')
    expect(may({ deadline: '2026-11-23T16:59:00+08:00' })).not.toContain('extensions')
    expect(may({ extensions: 2 })).not.toContain('extensions')
  })

  it('nothing on a case that went to somebody else, or goes on under its lead', () => {
    expect(mayDo(showCase({ ...aCase({ handler: zhang_id }), gone: true }, [], []), me('handler'), now).size).toBe(0)
    expect(may({ lead_case_id: 'c0' })).toEqual([])
  })
})

describe('asking', () => {
  beforeEach(emptyPhone)

  it('hands back with a code, and the case leaves the list of what is to do', async () => {
    const act = await handBack(await zhang(), aCase(), 'wrong_class', '')
    expect(JSON.parse(act.wire)).toMatchObject({ reason: 'wrong_class' })
    expect(JSON.parse(act.wire)).not.toHaveProperty('words')
    expect(showCase(aCase(), [act], [])).toMatchObject({ pending: '已退回 · 待上传', group: 'handed_in' })
  })

  it('asks for more time in words without typing', async () => {
    const act = await askForExtension(await zhang(), aCase(), 'weather', '')
    expect(JSON.parse(act.wire)).toMatchObject({ reason: '天气原因' })
    expect(showCase(aCase(), [act], [])).toMatchObject({ pending: '已申请延期 · 待上传', group: 'todo' })
    expect(reasonWords('extension', 'material', '等井盖')).toBe('等材料: 等井盖')
    expect(reasonWords('extension', 'other', '等井盖')).toBe('等井盖')
  })
})
