import { expect, test } from 'vitest'
import type { JournalLine } from '../src/api/types'
import { stepsOf } from '../src/cases/timeline'

let seq = 0
const line = (kind: string, clock: string, more: Partial<JournalLine> = {}): JournalLine => ({
  seq: ++seq,
  kind,
  at: `2026-11-23T${clock}+08:00`,
  done_at: null,
  by: null,
  round: 1,
  note: null,
  ...more,
})
const zhang = { id: '1', name: '老张' }

test('what the rules did in one go is one step, the newest on top', () => {
  const lines = [
    line('received', '09:00:01'),
    line('dispatched', '09:00:01', { to: { id: '2', name: '东关街道' } }),
    line('assigned', '09:00:02', { to: zhang }),
    line('photo_arrived', '09:00:03'),
    line('accepted', '09:00:30', { by: zhang }),
    line('half_time', '11:00:00'),
  ]
  expect(stepsOf(lines.reverse()).map(({ words, by }) => `${words}|${by}`)).toEqual([
    '时限过半|',
    '接单|老张',
    '上级派来 → 派遣 东关街道 → 指派 老张|',
  ])
})

test('words and another minute make a step of their own', () => {
  const lines = [
    line('assigned', '09:00:59'),
    line('urged', '09:00:59', { note: '请尽快' }),
    line('due_soon', '09:01:00'),
    line('overdue', '09:02:00'),
  ]
  expect(stepsOf(lines).map(({ words, note }) => words + note)).toEqual(['超期', '快到期', '催办请尽快', '指派'])
})
