import { nextTick, onActivated, onDeactivated } from 'vue'

/** A list kept alive comes back where the person left it; every other page starts at its top. */
export function keepScroll(): void {
  let at = 0
  let active = false
  const note = () => {
    if (active) at = window.scrollY
  }
  onActivated(async () => {
    await nextTick()
    window.scrollTo(0, at)
    active = true
    window.addEventListener('scroll', note, { passive: true })
  })
  onDeactivated(() => {
    active = false
    window.removeEventListener('scroll', note)
    window.scrollTo(0, 0)
  })
}
