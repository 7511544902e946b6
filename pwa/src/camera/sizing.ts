// How small a photo becomes: a district pays for the network by the megabyte, a reviewer wants to read a house number.

export const LONGEST_PX = 1600
export const MOST_BYTES = 400 * 1024

const QUALITIES = [0.82, 0.74, 0.66, 0.56, 0.45]
const SHRINK = 0.8

export interface Size {
  width: number
  height: number
}

export interface Attempt extends Size {
  quality: number
}

/** The size within `longest` px, never larger than the original. */
export function fitted({ width, height }: Size, longest = LONGEST_PX): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** What to try, best first: quality gives way before size does. */
export function* attempts(original: Size): Generator<Attempt> {
  for (let longest = LONGEST_PX; longest > LONGEST_PX / 3; longest *= SHRINK) {
    for (const quality of QUALITIES) yield { ...fitted(original, Math.round(longest)), quality }
  }
}
