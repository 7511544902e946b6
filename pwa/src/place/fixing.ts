import { shallowRef } from 'vue'
import type { NoPlaceReason } from '../api/types'
import type { Position } from './datum'
import type { Place } from './place'

export interface Fix extends Position {
  accuracy_m: number
  /** ms, the phone's clock */
  at: number
}

const BEST_OF_MS = 10_000
const OLDEST_MS = 120_000
/** after an error; some engines (Firefox) give a watch up with its first one */
const AGAIN_MS = 2_000

/** The most accurate fix of the ten seconds before the newest one, unless even that one is old. */
export function bestFix(fixes: Fix[], now: number): Fix | undefined {
  const newest = Math.max(...fixes.map((fix) => fix.at))
  if (!(now - newest <= OLDEST_MS)) return undefined
  return fixes
    .filter((fix) => newest - fix.at <= BEST_OF_MS)
    .sort((a, b) => a.accuracy_m - b.accuracy_m || b.at - a.at)[0]
}

export function placeOf(fix: Fix, isoTime: (ms: number) => string): Place {
  return {
    location: { type: 'Point', coordinates: [round7(fix.lon), round7(fix.lat)] },
    accuracy_m: Math.round(fix.accuracy_m * 10) / 10,
    fixed_at: isoTime(fix.at),
    datum: 'wgs84',
  }
}

/**
 * Warms the receiver up while somebody is about to leave evidence, and forgets all of it afterwards: there are no
 * tracks. Nobody ever waits for it.
 */
export class Fixing {
  readonly fixes: Fix[] = []
  private watching: number | undefined
  private again: ReturnType<typeof setTimeout> | undefined
  /** why there is none, as far as is known */
  readonly trouble = shallowRef<NoPlaceReason>()

  constructor(
    private readonly heard: () => void,
    private readonly sensor: Geolocation | undefined = navigator.geolocation,
  ) {}

  start(): void {
    if (this.watching !== undefined || this.again !== undefined) return
    if (!this.sensor) {
      this.trouble.value = 'no_sensor'
      return
    }
    this.watch(this.sensor)
  }

  stop(): void {
    this.unwatch()
    this.fixes.length = 0
  }

  private watch(sensor: Geolocation): void {
    this.again = undefined
    this.watching = sensor.watchPosition(
      ({ coords, timestamp }) => {
        this.trouble.value = undefined
        // Some engines count the timestamp from another epoch; a fix is never older than this callback by hours.
        const at = Math.abs(Date.now() - timestamp) < 3_600_000 ? timestamp : Date.now()
        this.fixes.push({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy, at })
        this.heard()
      },
      (error) => {
        if (this.watching === undefined) return
        const denied = error.code === error.PERMISSION_DENIED
        this.trouble.value = denied ? 'denied' : 'no_fix'
        if (!denied) {
          this.unwatch()
          this.again = setTimeout(() => this.watch(sensor), AGAIN_MS)
        }
        this.heard()
      },
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 },
    )
  }

  private unwatch(): void {
    clearTimeout(this.again)
    if (this.watching !== undefined) this.sensor?.clearWatch(this.watching)
    this.watching = this.again = undefined
  }

  best(now = Date.now()): Fix | undefined {
    return bestFix(this.fixes, now)
  }

  whyNone(): NoPlaceReason {
    return this.trouble.value ?? 'no_fix'
  }
}

/** Asking for the place without a word before is refused by many; where it was allowed once, warm up early. */
export async function mayWarmUp(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}

function round7(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}
