import { paint, shrink, type Canvas } from './shrinking'
import type { Limits } from './sizing'

export type Asked = { n: number; file: Blob; limits: Limits }
export type Shrunk = { n: number; jpeg?: ArrayBuffer; error?: string }

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Asked>) => void
  postMessage: (message: Shrunk, transfer: Transferable[]) => void
}

scope.onmessage = async ({ data: { n, file, limits } }) => {
  try {
    const bitmap = await createImageBitmap(file)
    const blob = await shrink(bitmap, bitmap, limits, offscreen())
    bitmap.close()
    const jpeg = await blob.arrayBuffer()
    scope.postMessage({ n, jpeg }, [jpeg])
  } catch (error) {
    scope.postMessage({ n, error: String(error) }, [])
  }
}

function offscreen(): Canvas {
  const canvas = new OffscreenCanvas(1, 1)
  return {
    draw(source, { width, height }) {
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      paint(context, source, { width, height })
    },
    jpeg: (quality) => canvas.convertToBlob({ type: 'image/jpeg', quality }),
  }
}
