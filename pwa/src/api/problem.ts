/** RFC 9457 as contracts §3 fills it; `title` is the sentence for the user. */
export interface Problem {
  code: string
  title: string
  status: number
  detail?: string | undefined
  retry: boolean
}

export function problemFrom(value: unknown, status: number): Problem | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, title, detail, retry } = value as Record<string, unknown>
  if (typeof code !== 'string' || typeof title !== 'string') return undefined
  return { code, title, status, retry: retry === true, detail: typeof detail === 'string' ? detail : undefined }
}
