import { change, read, type Rows } from './database'

/** Small things the phone remembers; each name is owned by the room that writes it. */
export interface Settings {
  /** device_id of the person now at this phone */
  current: string
  /** the same, and after he has left still: a post's phone stays the post's */
  last: string
  language: 'zh' | 'en'
  /** how far `GET /api/changes` has been read; `kept`: cases that lay here then */
  cursor: { epoch: string; seq: number; roster: number; until: number; pulled_at: number; kept?: number }
  /** the last contact's difference of clocks; `at` on the phone's clock, ms */
  server_clock: { offset_s: number; at: number }
  /** the server no longer knows this phone's session, and its key could not renew it: the code that says why */
  signed_out: string
  /** when sending rests after the network failed; ms on the phone's clock. `portal`: somebody else answered */
  pause: { until: number; tries: number; portal?: boolean; busy?: boolean }
}

export function setting<K extends keyof Settings>(name: K): Promise<Settings[K] | undefined> {
  return read(['settings'], (rows) => rows.get<Settings[K]>('settings', name))
}

export function remember<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  return change(['settings'], (rows) => rememberIn(rows, name, value))
}

export async function rememberIn<K extends keyof Settings>(rows: Rows, name: K, value: Settings[K]): Promise<void> {
  await rows.put('settings', value, name)
}

export async function forget(name: keyof Settings): Promise<void> {
  await change(['settings'], (rows) => rows.remove('settings', name))
}
