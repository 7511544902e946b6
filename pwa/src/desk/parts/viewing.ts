/** How both photos are looked at, so that the same spot stands in both. Pixels of the screen, from the middle. */
export interface View {
  scale: number
  x: number
  y: number
}

export const ZOOM_STEP = 1.35
const MOST = 8

/** Nearer or further, with what lies under (x, y) staying there. */
export function zoomedAt(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor))
  if (scale === 1) return { scale, x: 0, y: 0 }
  const real = scale / view.scale
  return { scale, x: x - (x - view.x) * real, y: y - (y - view.y) * real }
}

export function draggedBy(view: View, x: number, y: number): View {
  return { ...view, x: view.x + x, y: view.y + y }
}
