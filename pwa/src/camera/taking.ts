import { knownMe } from '../api/me'
import { sha256 } from '../local/bytes'
import { paint, shrink, type Canvas } from './shrinking'
import type { Asked, Shrunk } from './shrink.worker'
import { USUAL, type Limits } from './sizing'

export interface Taken {
  bytes: ArrayBuffer
  sha256: string
  /** ms, the phone's clock */
  taken_at: number
  source: 'camera' | 'gallery'
  /** of a voice note */
  type?: string
}

export class NotAPhoto extends Error {}

/** Seals a photo: what is hashed here is the original from now on. */
export async function take(file: File, asked_at: number): Promise<Taken> {
  const limits = await photoLimits()
  const bytes = (await inWorker(file, limits)) ?? (await onPage(file, limits))
  const now = Date.now()
  return {
    bytes,
    sha256: await sha256(bytes),
    taken_at: Math.min(now, file.lastModified || now),
    source: isFresh(file.lastModified, asked_at) ? 'camera' : 'gallery',
  }
}

/** What the district decided, as last heard. */
export async function photoLimits(): Promise<Limits> {
  const settings = (await knownMe())?.settings
  // A server older than this app says nothing of it.
  return settings?.photo_px ? { longest_px: settings.photo_px, most_bytes: settings.photo_kb * 1024 } : USUAL
}

/** A file older than the tap on the camera was chosen, not taken. Clocks of files count in whole seconds. */
export function isFresh(last_modified: number, asked_at: number): boolean {
  return last_modified >= asked_at - 2_000
}

let worker: Worker | undefined
let next = 0
const asked = new Map<number, (jpeg: ArrayBuffer | undefined) => void>()

/** undefined: this engine cannot shrink beside the page, or not this file. */
function inWorker(file: File, limits: Limits): Promise<ArrayBuffer | undefined> {
  if (!('OffscreenCanvas' in window)) return Promise.resolve(undefined)
  worker ??= startWorker()
  const n = ++next
  const shrunk = new Promise<ArrayBuffer | undefined>((resolve) => asked.set(n, resolve))
  worker.postMessage({ n, file, limits } satisfies Asked)
  return shrunk
}

function startWorker(): Worker {
  const started = new Worker(new URL('./shrink.worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data: { n, jpeg } }: MessageEvent<Shrunk>) => {
    asked.get(n)?.(jpeg)
    asked.delete(n)
  }
  // A worker that could not be loaded never speaks again: all who wait go on without it, the next one tries anew.
  started.onerror = () => {
    worker = undefined
    asked.forEach((resolve) => resolve(undefined))
    asked.clear()
  }
  return started
}

async function onPage(file: File, limits: Limits): Promise<ArrayBuffer> {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
    const { naturalWidth: width, naturalHeight: height } = image
    return await (await shrink(image, { width, height }, limits, onScreen())).arrayBuffer()
  } catch (error) {
    throw new NotAPhoto(String(error))
  } finally {
    URL.revokeObjectURL(image.src)
  }
}

function onScreen(): Canvas {
  const canvas = document.createElement('canvas')
  return {
    draw(source, { width, height }) {
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d')
      if (!context) throw new NotAPhoto('no canvas')
      paint(context, source, { width, height })
    },
    jpeg: (quality) =>
      new Promise((resolve, reject) =>
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NotAPhoto('not encoded'))), 'image/jpeg', quality),
      ),
  }
}
