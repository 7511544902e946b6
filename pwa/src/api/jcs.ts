export class NotCanonical extends Error {}

/** RFC 8785 text of a JSON value; members that are undefined are absent. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object') return canonicalObject(value as Record<string, unknown>)
  throw new NotCanonical(`no JSON value: ${typeof value}`)
}

function canonicalObject(value: Record<string, unknown>): string {
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    // The default order is by UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
    .sort()
    .map((name) => `${canonicalString(name)}:${canonical(value[name])}`)
  return `{${members.join(',')}}`
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new NotCanonical('no JSON number')
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new NotCanonical('integer beyond 2^53')
  // RFC 8785 §3.2.2.3 defines the form as ECMAScript's own.
  return JSON.stringify(value)
}

function canonicalString(value: string): string {
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(value)) {
    throw new NotCanonical('lone surrogate')
  }
  return JSON.stringify(value)
}
