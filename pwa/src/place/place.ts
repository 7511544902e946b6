import type { Point } from '../api/types'

/** Where something was done, as it goes over the wire. */
export interface Place {
  location: Point
  accuracy_m: number
  fixed_at: string
  datum: 'wgs84'
}
