import { setting } from '../../local/settings'
import { first_zh } from '../../words/first_zh'
import { speak } from '../../words/words'

/** The desk says what phones say and more; all of it is there before the first page is drawn. */
export async function speakAtDesk(): Promise<void> {
  const chosen = await setting('language').catch(() => undefined)
  document.documentElement.lang = chosen === 'en' ? 'en' : 'zh-CN'
  if (chosen === 'en') {
    const [{ en }, { desk_en }] = await Promise.all([import('../../words/en'), import('../../words/desk_en')])
    speak('en', { ...en, ...desk_en })
  } else {
    const [{ zh }, { desk_zh }] = await Promise.all([import('../../words/zh'), import('../../words/desk_zh')])
    speak('zh', { ...first_zh, ...zh, ...desk_zh })
  }
}
