import { expect, it } from 'vitest'
import { newId } from '../src/local/ids'

it('makes UUIDv7 that carry their time', () => {
  const at = Date.UTC(2026, 10, 23, 8)
  const id = newId(at)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at)
})

it('rises within a millisecond and when the clock goes back', () => {
  const at = Date.UTC(2026, 10, 24)
  const ids = [newId(at), newId(at), newId(at - 60_000), newId(at + 1)]
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(4)
})
