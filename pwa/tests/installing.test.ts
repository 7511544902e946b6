import { beforeEach, expect, it } from 'vitest'
import { mayAdvise, putAway, wayToInstall } from '../src/signin/installing'
import { emptyPhone } from './world'

const plain = { standalone: false, prompt: false, bridge: false, apple: false, worker: true }
const DAY_MS = 86_400_000

beforeEach(emptyPhone)

it.each([
  ['installed', { standalone: true, apple: true }],
  ['prompt', { prompt: true }],
  ['share', { apple: true }],
  ['outside', { bridge: true, apple: true }],
  ['outside', { worker: false }],
  ['menu', {}],
])('tells %s', (way, given) => {
  expect(wayToInstall({ ...plain, ...given })).toBe(way)
})

it('is put away for a month', async () => {
  expect(await mayAdvise(0)).toBe(true)
  await putAway(0)
  expect(await mayAdvise(29 * DAY_MS)).toBe(false)
  expect(await mayAdvise(31 * DAY_MS)).toBe(true)
})
