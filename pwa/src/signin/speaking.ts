import { remember, setting } from '../local/settings'
import { language, speak, type Language } from '../words/words'

/** Chinese unless somebody chose otherwise on this phone. */
export async function speakAsChosen(): Promise<void> {
  const chosen = await setting('language').catch(() => undefined)
  if (chosen === 'en') speak('en', (await import('../words/en')).en)
  document.documentElement.lang = language() === 'en' ? 'en' : 'zh-CN'
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  await remember('language', chosen)
  location.reload()
}

export function switchLanguage(): Promise<void> {
  return chooseLanguage(language() === 'zh' ? 'en' : 'zh')
}
