// The one door to the library of controls: what stands here is what the desk loads of it, code and looks.
import { localeContextKey } from 'element-plus'
import en from 'element-plus/es/locale/lang/en.mjs'
import zh from 'element-plus/es/locale/lang/zh-cn.mjs'
import { ref, type App } from 'vue'
import { language } from '../../words/words'

/** The controls speak as the rest of the desk does. */
export function speakInControls(app: App): void {
  app.provide(localeContextKey, ref(language() === 'en' ? en : zh))
}
