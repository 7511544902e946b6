/** What a pairing link says; the same stands in its QR code. */
export interface PairingLink {
  staff_no: string
  code: string
  /** the name of the post whose phone this becomes; '' for a person's own */
  post: string
}

/** undefined: not ours. A link of another address pairs there and not here. */
export function readLink(text: string, origin: string): PairingLink | 'elsewhere' | undefined {
  let url: URL
  try {
    url = new URL(text.trim())
  } catch {
    return undefined
  }
  const [path, query = ''] = url.hash.split('?')
  const given = new URLSearchParams(query)
  const [staff_no, code] = [given.get('staff_no'), given.get('code')]
  if (path !== '#/pair' || !staff_no || !code) return undefined
  return url.origin === origin ? { staff_no, code, post: given.get('post') ?? '' } : 'elsewhere'
}
