import { describe, expect, it } from 'vitest'
import { clockFace } from '../src/cases/clocks'
import { isoTime, momentWords, spanWords } from '../src/words/times'
import { aCase, aClock } from './world'

const at = (text: string) => Date.parse(`2026-11-23T${text}+08:00`)

describe('the clock', () => {
  it('says what is left, the deadline and why', () => {
    const face = clockFace(aCase(), at('17:20:00'))
    expect(face).toMatchObject({ left: '剩 1 小时 20 分', by: '18:40 前', why: '2 紧急工作时, 夜间照计', light: 'go' })
    expect(face.tile).toEqual({ above: '剩', number: '1:20', unit: '小时' })
  })

  it.each([
    ['17:39:00', 'go'],
    ['17:40:00', 'warn'],
    ['18:15:59', 'warn'],
    ['18:16:00', 'hurry'],
    ['18:40:01', 'late'],
  ])('at %s shows %s', (time, light) => expect(clockFace(aCase(), at(time)).light).toBe(light))

  it('believes the server that time is short, whatever the wall clock says', () =>
    expect(clockFace(aCase({ flags: ['due_soon'] }), at('16:50:00')).light).toBe('hurry'))

  it('says how long it is overdue', () =>
    expect(clockFace(aCase(), at('19:05:00'))).toMatchObject({ left: '超期 25 分', by: '时限 18:40' }))

  it('stands still when paused, stopped or without a deadline', () => {
    const paused = aCase({ clock: aClock({ state: 'paused' }) })
    expect(clockFace(paused, at('17:00:00'))).toMatchObject({ light: 'still', left: '计时已暂停' })
    expect(clockFace(aCase({ deadline: null }), at('17:00:00'))).toMatchObject({ light: 'still', left: '时限未定' })
  })
})

describe('words for times', () => {
  it.each([
    [59_000, '不到 1 分'],
    [60_000, '1 分'],
    [3_599_999, '59 分'],
    [3_600_000, '1 小时'],
    [90_000_000, '1 天 1 小时'],
    [172_800_000, '2 天'],
    [-1_500_000, '25 分'],
  ])('%d ms are %s', (ms, words) => expect(spanWords(ms)).toBe(words))

  it('names the day by the city’s midnight', () => {
    const now = at('23:50:00')
    expect(momentWords(at('23:59:00'), now)).toBe('23:59')
    expect(momentWords(at('23:59:00') + 120_000, now)).toBe('明天 00:01')
    expect(momentWords(at('10:00:00') - 86_400_000, now)).toBe('昨天 10:00')
    expect(momentWords(at('10:00:00') + 2 * 86_400_000, now)).toBe('11月25日 10:00')
  })

  it('writes the city’s offset', () => expect(isoTime(at('18:40:00'))).toBe('2026-11-23T18:40:00.000+08:00'))
})
