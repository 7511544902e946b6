// Whether this browser can ring with the app closed, and what stands in the way; found out by features.
import { remember, setting } from '../local/settings'
import { keepSubscribed, switchOff, switchOn, type Kept } from '../ringing/subscribing'
import { registered } from './keeping'

/**
 * `home_screen`: an iPhone's browser that can, once the app is on the home screen. `unsupported`: never here.
 * `denied`: its person, or the system, has said no to notifications. Others: as `Kept`.
 */
export type BellState = Kept | 'denied' | 'unsupported' | 'home_screen'

declare module '../local/settings' {
  interface Settings {
    /** when somebody said that he would not switch the bell on now; ms on the phone's clock */
    bell_declined: number
  }
}

const ASK_AGAIN_MS = 3 * 86_400_000
/** Where Google's service can't be reached, Chrome tries for longer than anybody waits at a screen. */
const PATIENCE_MS = 30_000

export async function knowBell(): Promise<BellState> {
  const missing = whatIsMissing()
  if (missing) return missing
  const registration = await registered()
  if (!registration) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  if (!(await setting('bell'))?.on || Notification.permission !== 'granted') return 'off'
  return patiently(keepSubscribed(registration))
}

/** Asks the person, as browsers want it, out of a tap. */
export async function turnOn(): Promise<BellState> {
  const missing = whatIsMissing()
  if (missing) return missing
  const said = await Notification.requestPermission()
  if (said !== 'granted') return said === 'denied' ? 'denied' : 'off'
  const registration = await registered()
  return registration ? patiently(switchOn(registration)) : 'unsupported'
}

export async function turnOff(): Promise<BellState> {
  const registration = await registered()
  if (registration) await switchOff(registration)
  return 'off'
}

/** Nobody has decided yet, and this browser could. */
export async function mayAsk(now = Date.now()): Promise<boolean> {
  if (whatIsMissing() || Notification.permission === 'denied' || !(await registered())) return false
  return (await setting('bell')) === undefined && now >= ((await setting('bell_declined')) ?? -Infinity) + ASK_AGAIN_MS
}

export async function decline(): Promise<void> {
  await remember('bell_declined', Date.now())
}

function whatIsMissing(): 'unsupported' | 'home_screen' | undefined {
  // `standalone` is what only an iPhone's browsers know; there push comes with the home screen.
  const { standalone } = navigator as { standalone?: boolean }
  if (standalone === false && 'serviceWorker' in navigator && !('PushManager' in window)) return 'home_screen'
  const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  return able ? undefined : 'unsupported'
}

function patiently(asked: Promise<Kept>): Promise<Kept> {
  return Promise.race([asked, new Promise<Kept>((resolve) => setTimeout(() => resolve('no_service'), PATIENCE_MS))])
}
