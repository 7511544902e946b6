import { remember, setting, type Settings } from '../local/settings'
import { watch } from '../local/watching'

export type Look = 'auto' | 'light' | 'dark' | 'sun'
export type Size = 'normal' | 'elder'

/** Of the type, on top of what the phone itself and 长辈版 make of it. */
export type Scale = 'usual' | 'larger' | 'largest'
/** In which hand the phone lies when one is free: what is tapped comes to that thumb. */
export type Hand = 'both' | 'left' | 'right'

export type Looks = Pick<Settings, 'look' | 'size' | 'scale' | 'hand'>

export const LOOKS: Look[] = ['auto', 'light', 'dark', 'sun']
export const SIZES: Size[] = ['normal', 'elder']
export const SCALES: Scale[] = ['usual', 'larger', 'largest']
export const HANDS: Hand[] = ['both', 'left', 'right']

const USUAL: Looks = { look: 'auto', size: 'normal', scale: 'usual', hand: 'both' }

declare module '../local/settings' {
  interface Settings {
    look: Look
    size: Size
    scale: Scale
    hand: Hand
    /** whether cases may be read aloud; absent: in 长辈版 */
    read_aloud: boolean
  }
}

const night = matchMedia('(prefers-color-scheme: dark)')

/** Draws the page as this phone was told to, and goes on following the system where nobody told it anything. */
export async function lookAsChosen(): Promise<void> {
  await draw()
  night.addEventListener('change', () => void draw())
  // On a post's phone the next person has his own.
  watch(['session'], () => void draw())
}

export async function knownLooks(): Promise<Looks> {
  const [look, size, scale, hand] = await Promise.all([setting('look'), setting('size'), setting('scale'), setting('hand')])
  return { look: look ?? USUAL.look, size: size ?? USUAL.size, scale: scale ?? USUAL.scale, hand: hand ?? USUAL.hand }
}

export async function chooseLooks<Name extends keyof Looks>(name: Name, value: Settings[Name]): Promise<void> {
  await remember(name, value)
  await draw()
}

async function draw(): Promise<void> {
  const { look, size, scale, hand } = await knownLooks().catch(() => USUAL)
  const { dataset } = document.documentElement
  dataset.look = look !== 'auto' ? look : night.matches ? 'dark' : 'light'
  Object.assign(dataset, { size, scale, hand })
}

export function isElder(): boolean {
  return document.documentElement.dataset.size === 'elder'
}

/** Whether he wants to hear his cases. */
export async function readsAloud(): Promise<boolean> {
  return (await setting('read_aloud')) ?? isElder()
}
