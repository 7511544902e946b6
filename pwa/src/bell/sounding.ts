// The open app's own bell, made of tones: no file to load, and it rings where the browser's notifications can't.
import { remember, setting } from '../local/settings'

declare module '../local/settings' {
  interface Settings {
    /** how the open app rings; absent: both */
    ringing: Ringing
  }
}

export type Urgency = 'normal' | 'urgent' | 'emergency'

/** When each tone begins, s, and how high it is, Hz. */
const TUNES: Record<Urgency, [at: number, hz: number][]> = {
  normal: [[0, 880], [0.22, 1175]],
  urgent: repeated([[0, 988], [0.16, 1319], [0.32, 988]], 3, 0.7),
  emergency: repeated([[0, 1480], [0.3, 988]], 8, 0.6),
}
const TONE_S = 0.2
const LOUD = 0.9

const BUZZ: Record<Urgency, number[]> = {
  normal: [300, 150, 300],
  urgent: [500, 200, 500, 200, 500],
  emergency: [1000, 300, 1000, 300, 1000, 300, 1000],
}

let context: AudioContext | undefined

/** Browsers let a page sound once somebody has touched it; answers how to stop waiting for that. */
export function unlockSound(): () => void {
  const unlock = () => void wake()
  window.addEventListener('pointerdown', unlock)
  window.addEventListener('keydown', unlock)
  return () => {
    window.removeEventListener('pointerdown', unlock)
    window.removeEventListener('keydown', unlock)
  }
}

export interface Ringing {
  sound: boolean
  vibration: boolean
}

export async function knownRinging(): Promise<Ringing> {
  return (await setting('ringing')) ?? { sound: true, vibration: true }
}

/** And rings once, so that he hears what he chose. */
export async function chooseRinging(ringing: Ringing): Promise<void> {
  await remember('ringing', ringing)
  void sound('normal')
}

/** `off`: its person wants none. `blocked`: the browser lets nothing sound yet. */
export async function sound(urgency: Urgency): Promise<'heard' | 'off' | 'blocked'> {
  const wanted = await knownRinging()
  // Refused with a warning on the console where nobody has touched the page yet.
  if (wanted.vibration && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(BUZZ[urgency])
  if (!wanted.sound) return 'off'
  const ready = await wake()
  if (!ready) return 'blocked'
  for (const [at, hz] of TUNES[urgency]) play(ready, at, hz)
  return 'heard'
}

export function silence(): void {
  navigator.vibrate?.(0)
  void context?.close()
  context = undefined
}

async function wake(): Promise<AudioContext | undefined> {
  if (typeof AudioContext === 'undefined') return undefined
  if (!context && navigator.userActivation?.hasBeenActive === false) return undefined
  context ??= new AudioContext()
  if (context.state !== 'running') await context.resume().catch(() => undefined)
  return context.state === 'running' ? context : undefined
}

function play(to: AudioContext, at: number, hz: number): void {
  const start = to.currentTime + at
  const tone = to.createOscillator()
  const gain = to.createGain()
  // A triangle carries further from a small loudspeaker than a sine.
  tone.type = 'triangle'
  tone.frequency.value = hz
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(LOUD, start + 0.01)
  gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S)
  tone.connect(gain).connect(to.destination)
  tone.start(start)
  tone.stop(start + TONE_S)
}

function repeated(tune: [number, number][], times: number, each_s: number): [number, number][] {
  return Array.from({ length: times }, (_, n) => tune.map(([at, hz]): [number, number] => [at + n * each_s, hz])).flat()
}
