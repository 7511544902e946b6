// Every act has its key, and every key is listed where ? is pressed. The scope opened last hears first.
import { onActivated, onDeactivated, onScopeDispose, shallowReactive, toValue, type MaybeRefOrGetter, type Ref } from 'vue'

export interface Binding {
  /** 'P', '1', 'Enter', 'ArrowLeft', 'Mod+A' (Ctrl, or Command), 'Shift+A', '?' */
  keys: string
  says: string
  act: () => void
  /** also while somebody types in a field */
  anywhere?: boolean
  /** holding the key goes on: for moving about, never for acts */
  repeats?: boolean
}

interface Scope {
  title: string
  bindings: MaybeRefOrGetter<Binding[]>
  /** nothing below hears: a dialog */
  alone: boolean
  /** where it is the browser's: Escape shuts it a moment before its page hears of that, and the next key is not for it */
  dialog: Ref<HTMLDialogElement | undefined> | undefined
}

export const scopes = shallowReactive<Scope[]>([])

export function startKeys(): void {
  window.addEventListener('keydown', hear)
}

/** The keys of a page or dialog, for as long as it is shown. */
export function useKeys(title: string, bindings: MaybeRefOrGetter<Binding[]>, alone: boolean | Scope['dialog'] = false): void {
  const scope: Scope = { title, bindings, alone: alone !== false, dialog: typeof alone === 'boolean' ? undefined : alone }
  const open = () => {
    if (!scopes.includes(scope)) scopes.push(scope)
  }
  const close = () => {
    const at = scopes.indexOf(scope)
    if (at >= 0) scopes.splice(at, 1)
  }
  open()
  onActivated(open)
  onDeactivated(close)
  onScopeDispose(close)
}

/** The scopes that hear now, the nearest first. */
export function hearing(): { title: string; bindings: Binding[] }[] {
  const heard = []
  for (const { title, bindings, alone, dialog } of [...scopes].reverse()) {
    if (dialog?.value?.open === false) continue
    heard.push({ title, bindings: toValue(bindings) })
    if (alone) break
  }
  return heard
}

function hear(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return
  const typing = isTyping(event.target)
  for (const { bindings } of hearing()) {
    const found = bindings.find((one) => matches(one.keys, event))
    if (!found) continue
    if (typing && !found.anywhere) return
    if (isForButton(event)) return
    event.preventDefault()
    if (!event.repeat || found.repeats) found.act()
    return
  }
}

/** By the key's place, so that an input method that is switched on does not swallow the letters. */
export function matches(keys: string, event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): boolean {
  const parts = keys.split('+')
  const key = parts.pop()!
  const mod = event.ctrlKey || event.metaKey
  if (mod !== parts.includes('Mod') || event.altKey) return false
  if (key === '?') return event.key === '?' || event.key === '？'
  if (event.shiftKey !== parts.includes('Shift')) return false
  if (/^[A-Z]$/.test(key)) return event.code === `Key${key}`
  if (/^\d$/.test(key)) return event.code === `Digit${key}` || event.code === `Numpad${key}`
  return event.code === key || event.key === key
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type)
  return target.matches('textarea, select, [contenteditable=true], [role=combobox], [role=listbox] *')
}

/** Enter and Space belong to the button or link that has the focus. */
function isForButton(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ') return false
  return event.target instanceof HTMLElement && event.target.closest('button, a[href], summary, [role=button]') !== null
}
