import { shallowRef } from 'vue'

export interface Notice {
  text: string
  tone: 'good' | 'bad'
}

const SHOWN_MS = 3_000

export const notice = shallowRef<Notice>()

let timer: ReturnType<typeof setTimeout> | undefined

/** One sentence at the top for a few seconds; the newest one counts. */
export function say(text: string, tone: Notice['tone'] = 'good'): void {
  clearTimeout(timer)
  notice.value = { text, tone }
  timer = setTimeout(() => (notice.value = undefined), SHOWN_MS)
}
