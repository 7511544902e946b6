import { describe, expect, it } from 'vitest'
import { canonical, NotCanonical } from '../src/api/jcs'

describe('RFC 8785', () => {
  it('gives the example of §3.2.2 and §3.2.3', () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
    const wanted =
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"` +
      '€$' +
      String.raw`\u000f\nA'B\"\\\\\"/"}`
    // 1e30 is beyond 2^53, which our wire refuses: the rest must be to the letter.
    const value = JSON.parse(text) as { numbers: number[] }
    expect(() => canonical(value)).toThrow(NotCanonical)
    value.numbers.splice(1, 1)
    expect(canonical(value)).toBe(wanted.replace('1e+30,', ''))
  })

  it('sorts members by UTF-16 code units (§3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(Object.values(JSON.parse(canonical(value)) as object)).toHaveLength(7)
    expect(canonical(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}')
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [8.0, '8'],
    [5e-324, '5e-324'],
    [0.1 + 0.2, '0.30000000000000004'],
    [112.5414, '112.5414'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [9007199254740991, '9007199254740991'],
    [123456.789e3, '123456789'],
  ])('writes %d as %s', (value, text) => expect(canonical(value)).toBe(text))

  it.each([NaN, Infinity, -Infinity, 9007199254740992, 1e21])('refuses %d', (value) =>
    expect(() => canonical({ value })).toThrow(NotCanonical),
  )

  it.each(['\ud800', 'a\udc00', '\ud83d\ud83d\ude00'])('refuses lone surrogates', (text) => {
    expect(() => canonical(text)).toThrow(NotCanonical)
    expect(() => canonical({ [text]: 1 })).toThrow(NotCanonical)
  })

  it('leaves pairs and Chinese as they are', () => expect(canonical('末梢😀')).toBe('"末梢😀"'))
  it('leaves undefined members out', () => expect(canonical({ b: undefined, a: [1, { c: null }] })).toBe('{"a":[1,{"c":null}]}'))
  it('refuses what is no JSON', () => expect(() => canonical([undefined])).toThrow(NotCanonical))
})
