import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toBd09, toGcj02 } from '../src/place/datum'
import { distanceM, isOutside } from '../src/place/distance'
import { bestFix, Fixing, placeOf } from '../src/place/fixing'
import { navigationLinks } from '../src/place/navigating'
import { isoTime } from '../src/words/times'
import vectors from './gcj02_vectors.json'

describe('datum', () => {
  it.each(vectors.points)('moves $wgs84 to GCJ-02', ({ wgs84, gcj02 }) => {
    const moved = toGcj02({ lon: wgs84[0]!, lat: wgs84[1]! })
    expect(Math.abs(moved.lon - gcj02[0]!)).toBeLessThan(2e-6)
    expect(Math.abs(moved.lat - gcj02[1]!)).toBeLessThan(2e-6)
  })

  it('shifts Nanyang by the known 555 to 625 metres', () => {
    const here = { lon: 112.5414, lat: 32.9986 }
    const shift = distanceM(here, toGcj02(here))
    expect(shift).toBeGreaterThan(555)
    expect(shift).toBeLessThan(625)
  })

  it('leaves places abroad alone', () => expect(toGcj02({ lon: -71.07, lat: 42.36 })).toEqual({ lon: -71.07, lat: 42.36 }))

  it('adds the offset of BD-09 to GCJ-02', () => {
    const here = { lon: 112.5414, lat: 32.9986 }
    const [gcj, bd] = [toGcj02(here), toBd09(here)]
    expect(bd.lon - gcj.lon).toBeCloseTo(0.0065, 3)
    expect(bd.lat - gcj.lat).toBeCloseTo(0.006, 3)
  })
})

describe('navigation links', () => {
  const links = navigationLinks({ lon: 112.5414, lat: 32.9986 }, '路口 & 垃圾')
  it('gives each app its own datum', () => {
    const gcj = toGcj02({ lon: 112.5414, lat: 32.9986 })
    expect(links.amap).toContain(`to=${gcj.lon.toFixed(6)},${gcj.lat.toFixed(6)},`)
    expect(links.tencent).toContain(`tocoord=${gcj.lat.toFixed(6)},${gcj.lon.toFixed(6)}`)
    expect(links.baidu).toContain('coord_type=bd09ll')
  })
  it('escapes names', () => Object.values(links).forEach((link) => expect(new URL(link).href).not.toContain(' ')))
})

describe('fence', () => {
  it('measures a hundred metres', () =>
    expect(distanceM({ lon: 112.5414, lat: 32.9986 }, { lon: 112.5414, lat: 32.9995 })).toBeCloseTo(100, 0))
  it('gives the fix the benefit of its own error', () => {
    expect(isOutside(100, 130, 40)).toBe(false)
    expect(isOutside(100, 130, 20)).toBe(true)
  })
})

describe('the best fix', () => {
  const fix = (at: number, accuracy_m: number) => ({ lon: 1, lat: 2, at, accuracy_m })
  it('is the most accurate of the last ten seconds', () => {
    const fixes = [fix(1_000, 3), fix(50_000, 40), fix(55_000, 8), fix(58_000, 12)]
    expect(bestFix(fixes, 60_000)).toEqual(fix(55_000, 8))
  })
  it('is none where there is none, or only an old one', () => {
    expect(bestFix([], 60_000)).toBeUndefined()
    expect(bestFix([fix(0, 3)], 200_000)).toBeUndefined()
  })
  it('goes onto the wire as GeoJSON with its time', () =>
    expect(placeOf({ lon: 112.54141234567, lat: 32.9986, at: 0, accuracy_m: 12.34 }, isoTime)).toEqual({
      location: { type: 'Point', coordinates: [112.5414123, 32.9986] },
      accuracy_m: 12.3,
      fixed_at: '1970-01-01T08:00:00.000+08:00',
      datum: 'wgs84',
    }))
})

describe('warming up the receiver', () => {
  const CODES = { PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 } as const
  /** A receiver as Firefox has it: whoever got an error hears no more. */
  function receiver() {
    const watches = new Map<number, { good: PositionCallback; bad: PositionErrorCallback }>()
    let next = 1
    return {
      watches,
      watchPosition(good: PositionCallback, bad: PositionErrorCallback) {
        watches.set(next, { good, bad })
        return next++
      },
      clearWatch: (id: number) => watches.delete(id),
      getCurrentPosition: () => undefined,
      fails(code: number) {
        for (const { bad } of [...watches.values()]) bad({ ...CODES, code, message: '' })
      },
      finds() {
        const coords = { longitude: 112.5, latitude: 33, accuracy: 8 } as GeolocationCoordinates
        for (const { good } of watches.values()) good({ coords, timestamp: Date.now() } as GeolocationPosition)
      },
    }
  }

  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('asks again after a receiver that found nothing, and takes what it then finds', () => {
    const sensor = receiver()
    const fixing = new Fixing(() => undefined, sensor)
    fixing.start()
    sensor.fails(CODES.POSITION_UNAVAILABLE)
    expect(fixing.whyNone()).toBe('no_fix')
    expect(sensor.watches.size).toBe(0)
    vi.advanceTimersByTime(2_000)
    sensor.finds()
    expect(fixing.best()).toMatchObject({ accuracy_m: 8 })
    expect(fixing.trouble.value).toBeUndefined()
  })

  it('does not ask again whoever said no, nor after it was stopped', () => {
    const sensor = receiver()
    const fixing = new Fixing(() => undefined, sensor)
    fixing.start()
    sensor.fails(CODES.PERMISSION_DENIED)
    vi.advanceTimersByTime(60_000)
    expect(fixing.whyNone()).toBe('denied')
    expect(sensor.watches.size).toBe(1)
    fixing.stop()
    fixing.start()
    sensor.fails(CODES.TIMEOUT)
    fixing.stop()
    vi.advanceTimersByTime(60_000)
    expect(sensor.watches.size).toBe(0)
  })
})
