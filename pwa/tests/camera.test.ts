import { describe, expect, it } from 'vitest'
import { attempts, fitted, USUAL } from '../src/camera/sizing'
import { shrink, type Canvas } from '../src/camera/shrinking'
import { isFresh } from '../src/camera/taking'

describe('sizes', () => {
  it('fits the longest side', () => {
    expect(fitted({ width: 4000, height: 3000 })).toEqual({ width: 1600, height: 1200 })
    expect(fitted({ width: 3000, height: 4000 })).toEqual({ width: 1200, height: 1600 })
  })
  it('never enlarges', () => expect(fitted({ width: 640, height: 480 })).toEqual({ width: 640, height: 480 }))
  it('gives way in quality before it gives way in size', () => {
    const all = [...attempts({ width: 4000, height: 3000 }, USUAL)]
    expect(all[0]).toEqual({ width: 1600, height: 1200, quality: 0.82 })
    expect(all[4]).toMatchObject({ width: USUAL.longest_px, quality: 0.45 })
    expect(all[5]).toMatchObject({ width: 1280, quality: 0.82 })
    expect(all.at(-1)!.width).toBeGreaterThan(500)
  })
})

describe('shrinking', () => {
  const source = {} as CanvasImageSource
  /** Bytes grow with pixels and quality, as a JPEG's do. */
  function fake(bytes_per_px: number) {
    const log: string[] = []
    let size = { width: 0, height: 0 }
    const canvas: Canvas = {
      draw(_source, drawn) {
        size = drawn
        log.push(`draw ${drawn.width}`)
      },
      jpeg(quality) {
        log.push(`jpeg ${quality}`)
        return Promise.resolve(new Blob([new Uint8Array(size.width * size.height * bytes_per_px * quality)]))
      },
    }
    return { canvas, log }
  }

  it('takes the first try that fits', async () => {
    const { canvas, log } = fake(0.2)
    const blob = await shrink(source, { width: 4000, height: 3000 }, USUAL, canvas)
    expect(blob.size).toBeLessThanOrEqual(USUAL.most_bytes)
    expect(log).toEqual(['draw 1600', 'jpeg 0.82'])
  })

  it('draws anew only for another size', async () => {
    const { canvas, log } = fake(0.6)
    const blob = await shrink(source, { width: 4000, height: 3000 }, USUAL, canvas)
    expect(blob.size).toBeLessThanOrEqual(USUAL.most_bytes)
    expect(log.filter((line) => line.startsWith('draw'))).toEqual(['draw 1600', 'draw 1280'])
  })

  it('heeds what the district decided', async () => {
    const { canvas, log } = fake(0.2)
    const blob = await shrink(source, { width: 4000, height: 3000 }, { longest_px: 1000, most_bytes: 110_000 }, canvas)
    expect(blob.size).toBeLessThanOrEqual(110_000)
    expect(log).toEqual(['draw 1000', 'jpeg 0.82', 'jpeg 0.74', 'jpeg 0.66'])
  })

  it('keeps the smallest where nothing fits: a photo is never refused for its size', async () => {
    const { canvas } = fake(50)
    expect((await shrink(source, { width: 4000, height: 3000 }, USUAL, canvas)).size).toBeGreaterThan(USUAL.most_bytes)
  })
})

it('calls a file older than the tap a chosen one', () => {
  expect(isFresh(10_000, 9_000)).toBe(true)
  expect(isFresh(8_500, 10_000)).toBe(true)
  expect(isFresh(1_000, 10_000)).toBe(false)
})
