import type { desk_zh } from './desk_zh'
import { first_zh } from './first_zh'
import type { zh } from './zh'

type Chinese = typeof first_zh & typeof zh & typeof desk_zh
export type WordKey = keyof Chinese
export type Language = 'zh' | 'en'
/** What a phone says; the desk says more. */
export type Words = Record<keyof typeof first_zh | keyof typeof zh, string>
export type DeskWords = Record<keyof typeof desk_zh, string>
type Spoken = Partial<Words & DeskWords>

type Slots<Text extends string> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | Slots<Rest> : never
type Values<Key extends WordKey> = [Slots<Chinese[Key]>] extends [never]
  ? []
  : [values: Record<Slots<Chinese[Key]>, string | number>]

let words: Spoken = first_zh
let spoken: Language = 'zh'

/** Changing the language draws the page anew, so that nothing has to watch it. */
export function speak(language: Language, theirs: Spoken): void {
  spoken = language
  words = theirs
}

/** The first page has its words with it; every other screen waits for these, in the same breath as for its code. */
export async function learnAllWords(): Promise<void> {
  if (spoken === 'en' || words !== first_zh) return
  const { zh } = await import('./zh')
  words = { ...first_zh, ...zh }
}

export function language(): Language {
  return spoken
}

/** The words for `key`, its {slots} filled; a missing or superfluous slot does not compile. */
export function t<Key extends WordKey>(key: Key, ...[values]: Values<Key>): string {
  return fill(words[key] ?? '', values)
}

/** The word for a code the server named, as `word('state', 'assigned')`; a code we do not know shows as itself. */
export function word(group: string, code: string): string {
  return words[`${group}.${code}` as WordKey] ?? code
}

function fill(text: string, values: Record<string, string | number> | undefined): string {
  return values ? text.replace(/\{(\w+)\}/g, (slot, name: string) => String(values[name] ?? slot)) : text
}
