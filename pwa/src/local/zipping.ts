// A ZIP archive with nothing compressed (APPNOTE 6.3.3): photos are JPEG already, and any phone or PC opens it.
import { utf8 } from './bytes'

export interface Entry {
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

const UTF8_NAMES = 0x0800
const VERSION = 20
const NO_TIME = 0
const FIRST_DAY = 0x21

export function zipped(entries: Entry[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const named = utf8(name)
    const about = [VERSION, UTF8_NAMES, 0, NO_TIME, FIRST_DAY]
    const sizes = [crc32(bytes), bytes.length, bytes.length]
    const local = record([[0x04034b50], about, sizes, [named.length, 0]], [4, 2, 4, 2])
    parts.push(local, named, bytes)
    directory.push(
      record([[0x02014b50], [VERSION, ...about], sizes, [named.length, 0, 0, 0, 0], [0, offset]], [4, 2, 4, 2, 4]),
      named,
    )
    offset += local.length + named.length + bytes.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const count = entries.length
  const end = record([[0x06054b50], [0, 0, count, count], [size, offset], [0]], [4, 2, 4, 2])
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

/** Groups of numbers, little-endian, each group of its own width in bytes. */
function record(groups: number[][], widths: number[]): Uint8Array<ArrayBuffer> {
  const bytes = groups.flatMap((group, index) =>
    group.flatMap((number) => Array.from({ length: widths[index]! }, (_, at) => (number >>> (8 * at)) & 0xff)),
  )
  return Uint8Array.from(bytes)
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff]! ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}
