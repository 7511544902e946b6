// How small a photo becomes: a district pays for the network by the megabyte, a reviewer wants to read a house number.

/** What a photo may have; the district may decide otherwise. */
export interface Limits {
  longest_px: number
  most_bytes: number
}

export const USUAL: Limits = { longest_px: 1600, most_bytes: 400 * 1024 }

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
export function fitted({ width, height }: Size, longest = USUAL.longest_px): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** What to try, best first: quality gives way before size does. */
export function* attempts(original: Size, { longest_px }: Limits): Generator<Attempt> {
  for (let longest = longest_px; longest > longest_px / 3; longest *= SHRINK) {
    for (const quality of QUALITIES) yield { ...fitted(original, Math.round(longest)), quality }
  }
}
