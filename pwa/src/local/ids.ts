let last = 0n

/** UUIDv7 (RFC 9562 §5.7), rising within one page even when the phone's clock goes back. */
export function newId(nowMs = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10))
  // 48 bits of time and the 12 of rand_a count as one number, so that ids of one millisecond stay in order.
  const wanted = (BigInt(nowMs) << 12n) | BigInt(((random[0]! << 8) | random[1]!) & 0x7ff)
  last = wanted > last ? wanted : last + 1n
  const head = last.toString(16).padStart(15, '0')
  const variant = (random[2]! & 0x3f) | 0x80
  const tail = hex(new Uint8Array([variant, ...random.subarray(3)]))
  return `${head.slice(0, 8)}-${head.slice(8, 12)}-7${head.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
