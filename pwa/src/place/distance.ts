import type { Position } from './datum'

const EARTH_M = 6371008.8

/** Metres along the sphere: 0.5 % at worst, far below a phone's own error. */
export function distanceM(a: Position, b: Position): number {
  const rad = Math.PI / 180
  const half =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.sqrt(half))
}

/** Outside only where even the fix's own error cannot explain it. */
export function isOutside(fence_m: number, distance_m: number, accuracy_m: number): boolean {
  return distance_m - accuracy_m > fence_m
}
