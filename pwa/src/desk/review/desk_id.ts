import { newId } from '../../local/ids'

const KEPT_AS = 'desk_id'

let named: Promise<string> | undefined

/** This tab's name as a desk: the same after it was loaded anew, another one in a tab that was made from this one. */
export function deskId(): Promise<string> {
  named ??= nameOfTab()
  return named
}

async function nameOfTab(): Promise<string> {
  const before = sessionStorage.getItem(KEPT_AS)
  if (before && (await isOnlyTab(before))) return before
  const made = newId()
  sessionStorage.setItem(KEPT_AS, made)
  await isOnlyTab(made)
  return made
}

/** Holds the name for as long as the tab lives. */
function isOnlyTab(name: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request(`desk:${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise(() => undefined)
    })
  })
}
