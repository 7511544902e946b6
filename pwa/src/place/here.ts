import { onActivated, shallowRef, type ShallowRef } from 'vue'
import type { Position } from './datum'
import { mayWarmUp } from './fixing'

const GOOD_ENOUGH_MS = 5 * 60_000

/** Roughly where this phone is; only where it was allowed before, and kept nowhere. */
export async function whereNow(): Promise<Position | undefined> {
  if (!(await mayWarmUp())) return undefined
  return new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      () => resolve(undefined),
      { maximumAge: GOOD_ENOUGH_MS, timeout: 20_000 },
    ),
  )
}

/** The same whenever a page that is kept alive comes back, to say how far a case is. */
export function useHere(): ShallowRef<Position | undefined> {
  const here = shallowRef<Position>()
  onActivated(async () => (here.value = (await whereNow()) ?? here.value))
  return here
}
