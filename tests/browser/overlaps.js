// Which lines of text lie over one another, or past the edge of what shows them, on the page as it stands.
() => {
  // What lies over the page on purpose, each for itself.
  const LAYERS = '.rings, .bell-strip, .report > .stack > .wide, .closing, .tab-bar, .bar, .van-popup, .notice, .acts, .map-box > *'
  // Descenders of one line may reach into the air above the next.
  const AIR_PX = 8
  const layerOf = (one) => one.closest(LAYERS) ?? document.body
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.unseen, [aria-hidden=true]')
  const pieces = [...document.querySelectorAll('#app *, .van-popup *')].filter((one) => hasText(one) && isShown(one))
  const words = (one) => `${one.tagName.toLowerCase()}.${one.className} “${one.textContent.trim().slice(0, 20)}”`
  const found = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth + 1) found.push(`the page is ${scrollWidth} wide of ${clientWidth}`)

  // What is scrolled out of sight covers nothing; what is cut off where nobody can scroll is lost.
  const frameOf = (one) => {
    const frame = { left: 0, right: clientWidth, top: -Infinity, bottom: Infinity }
    for (let up = one; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX === 'visible') continue
      const { left, right, top, bottom } = up.getBoundingClientRect()
      Object.assign(frame, { left: Math.max(frame.left, left), right: Math.min(frame.right, right) })
      Object.assign(frame, { top: Math.max(frame.top, top), bottom: Math.min(frame.bottom, bottom) })
    }
    return frame
  }
  const linesOf = (one) => {
    const frame = frameOf(one)
    return [...one.childNodes].flatMap((node) => {
      if (node.nodeType !== Node.TEXT_NODE) return []
      const range = document.createRange()
      range.selectNodeContents(node)
      return [...range.getClientRects()].map(({ left, right, top, bottom }) => ({
        left: Math.max(left, frame.left), right: Math.min(right, frame.right), top: Math.max(top, frame.top), bottom: Math.min(bottom, frame.bottom),
      }))
    })
  }
  const isOver = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > AIR_PX
  const read = pieces.map((one) => ({ one, layer: layerOf(one), lines: linesOf(one) }))
  read.forEach((first, n) => {
    for (const second of read.slice(n + 1)) {
      if (first.layer === second.layer && first.lines.some((a) => second.lines.some((b) => isOver(a, b)))) {
        found.push(`${words(first.one)} over ${words(second.one)}`)
      }
    }
    const box = first.one.closest('a, button, label, .button, .chip, .tag, .card')?.getBoundingClientRect()
    if (box && first.lines.some(({ left, right }) => right > box.right + 1 || left < box.left - 1)) found.push(`${words(first.one)} leaves its box`)
    const { overflowX, textOverflow } = getComputedStyle(first.one)
    if (overflowX === 'hidden' && textOverflow !== 'ellipsis' && first.one.scrollWidth > first.one.clientWidth + 1) found.push(`${words(first.one)} is cut off`)
  })
  return found
}
