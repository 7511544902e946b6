import type { Case } from '../api/types'
import { word } from '../words/words'

export interface ShownFlag {
  code: string
  words: string
  alarm: boolean
}

/** What a handler must know at a glance, the gravest first. The clock's own colours say due_soon and overdue already. */
const SHOWN = ['supervised', 'urgent', 'urged', 'interim', 'extended', 'merged', 'repeat', 'no_place']
const ALARMS = ['supervised', 'urgent', 'urged']

export function flagsToShow({ flags }: Pick<Case, 'flags'>): ShownFlag[] {
  return SHOWN.filter((code) => flags.includes(code)).map((code) => ({
    code,
    words: word('flag', code),
    alarm: ALARMS.includes(code),
  }))
}
