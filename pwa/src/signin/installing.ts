// How this app comes onto the home screen, found out by what the browser can do and never by its name.
import { shallowRef } from 'vue'
import { remember, setting } from '../local/settings'

/** `prompt`: one tap. `share`: by the share sheet (iOS). `outside`: a chat's browser, which can't. `menu`: by hand. */
export type InstallWay = 'installed' | 'prompt' | 'share' | 'outside' | 'menu'

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

export interface Abilities {
  /** opened from the home screen already */
  standalone: boolean
  prompt: boolean
  /** this is a page inside a chat app: WeChat and WeCom give their pages this bridge */
  bridge: boolean
  /** `navigator.standalone` is there: WebKit of a phone */
  apple: boolean
  worker: boolean
}

declare module '../local/settings' {
  interface Settings {
    /** when the advice to install was put away; ms */
    install_put_away: number
  }
}

const AGAIN_MS = 30 * 86_400_000
const prompt = shallowRef<InstallPrompt>()

export function wayToInstall({ standalone, prompt: has_prompt, bridge, apple, worker }: Abilities): InstallWay {
  if (standalone) return 'installed'
  if (bridge) return 'outside'
  if (has_prompt) return 'prompt'
  if (apple) return 'share'
  return worker ? 'menu' : 'outside'
}

/** The browser offers it once, early: from the first page on. */
export function listenForPrompt(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    prompt.value = event as InstallPrompt
  })
  window.addEventListener('appinstalled', () => (prompt.value = undefined))
}

export function abilities(): Abilities {
  const own = (navigator as { standalone?: boolean }).standalone
  return {
    standalone: own === true || matchMedia('(display-mode: standalone)').matches,
    prompt: prompt.value !== undefined,
    bridge: 'WeixinJSBridge' in window,
    apple: own !== undefined,
    worker: 'serviceWorker' in navigator,
  }
}

export async function install(): Promise<void> {
  await prompt.value?.prompt()
  prompt.value = undefined
}

/** Put away, it comes back after a month: storage that the system may clear is worth a second word. */
export async function mayAdvise(now = Date.now()): Promise<boolean> {
  return now - ((await setting('install_put_away')) ?? -Infinity) > AGAIN_MS
}

export function putAway(now = Date.now()): Promise<void> {
  return remember('install_put_away', now)
}
