import { remember, setting } from '../local/settings'

export type Look = 'auto' | 'light' | 'dark' | 'sun'
export type Size = 'normal' | 'elder'

export const LOOKS: Look[] = ['auto', 'light', 'dark', 'sun']
export const SIZES: Size[] = ['normal', 'elder']

declare module '../local/settings' {
  interface Settings {
    look: Look
    size: Size
  }
}

const night = matchMedia('(prefers-color-scheme: dark)')

/** Draws the page as this phone was told to, and goes on following the system where nobody told it anything. */
export async function lookAsChosen(): Promise<void> {
  await draw()
  night.addEventListener('change', () => void draw())
}

export async function knownLooks(): Promise<{ look: Look; size: Size }> {
  return { look: (await setting('look')) ?? 'auto', size: (await setting('size')) ?? 'normal' }
}

export async function chooseLook(look: Look): Promise<void> {
  await remember('look', look)
  await draw()
}

export async function chooseSize(size: Size): Promise<void> {
  await remember('size', size)
  await draw()
}

async function draw(): Promise<void> {
  const { look, size } = await knownLooks().catch(() => ({ look: 'auto' as const, size: 'normal' as const }))
  const { dataset } = document.documentElement
  dataset.look = look !== 'auto' ? look : night.matches ? 'dark' : 'light'
  dataset.size = size
}

export function isElder(): boolean {
  return document.documentElement.dataset.size === 'elder'
}
