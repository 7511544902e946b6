import { word } from '../../words/words'

/** What a desk must know at a glance, the gravest first. The clock's own colours say due_soon and overdue already. */
const SHOWN = [
  'supervised', 'urgent', 'urged', 'clock_doubt', 'interim', 'extended', 'merged', 'repeat', 'no_place', 'outside_district',
  'unknown_class', 'unknown_unit', 'bad_photo', 'exempt',
]
const ALARMS = ['supervised', 'urgent', 'urged', 'clock_doubt', 'no_place', 'outside_district', 'unknown_class']

export function tagsOf(flags: string[]): { code: string; words: string; alarm: boolean }[] {
  return SHOWN.filter((code) => flags.includes(code)).map((code) => ({ code, words: word('flag', code), alarm: ALARMS.includes(code) }))
}
