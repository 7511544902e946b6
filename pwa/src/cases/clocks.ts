import type { Case } from '../api/types'
import { momentWords, spanWords } from '../words/times'
import { t } from '../words/words'

export type Light = 'go' | 'warn' | 'hurry' | 'late' | 'still'

export interface ClockFace {
  light: Light
  /** 「剩 1 小时 20 分」 */
  left: string
  /** 「18:40 前」 */
  by: string
  /** 「2 紧急工作时, 夜间照计」 */
  why: string
  /** for the small tile: 「剩」「38」「分」 */
  tile: { above: string; number: string; unit: string }
}

/** What the clock shows at `now` (server time, ms). */
export function clockFace(shown: Pick<Case, 'deadline' | 'clock' | 'flags'>, now: number): ClockFace {
  const deadline = shown.deadline === null ? NaN : Date.parse(shown.deadline)
  const why = shown.clock.why ?? ''
  const state = shown.clock.state
  if (Number.isNaN(deadline)) return still(t('clock.none'), '', why)
  if (state !== 'running') {
    const words = state === 'paused' ? t('clock.paused') : t('clock.stopped')
    return still(words, t('clock.was', { time: momentWords(deadline, now) }), why)
  }
  const left_ms = deadline - now
  const time = spanWords(left_ms)
  const late = left_ms < 0
  return {
    light: late ? 'late' : lightOf(shown, now),
    left: late ? t('clock.over', { time }) : t('clock.left', { time }),
    by: late
      ? t('clock.was', { time: momentWords(deadline, now) })
      : t('clock.by', { time: momentWords(deadline, now) }),
    why,
    tile: { above: late ? t('clock.tile_over') : t('clock.tile_left'), ...tileOf(left_ms) },
  }
}

/** Half of the time gone is yellow, four fifths red: by the server's instants, for hours of duty are not wall time. */
function lightOf({ clock, flags }: Pick<Case, 'clock' | 'flags'>, now: number): Light {
  const [half = NaN, four_fifths = NaN] = clock.warn_at.map((at) => Date.parse(at))
  if (flags.includes('due_soon') || now >= four_fifths) return 'hurry'
  return now >= half ? 'warn' : 'go'
}

function tileOf(ms: number): { number: string; unit: string } {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  if (minutes >= 2880) return { number: String(Math.floor(minutes / 1440)), unit: t('time.unit_days') }
  if (minutes < 60) return { number: String(minutes), unit: t('time.unit_minutes') }
  if (minutes >= 600) return { number: String(Math.floor(minutes / 60)), unit: t('time.unit_hours') }
  return {
    number: `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`,
    unit: t('time.unit_hours'),
  }
}

function still(left: string, by: string, why: string): ClockFace {
  return { light: 'still', left, by, why, tile: { above: '', number: '–', unit: '' } }
}
