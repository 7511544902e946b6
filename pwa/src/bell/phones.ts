// Which steps are likely this phone's: a guess that only decides what is shown first, never what works.

export type Steps = 'wechat' | 'iphone' | 'huawei' | 'honor' | 'xiaomi' | 'oppo' | 'vivo' | 'samsung' | 'android' | 'desktop'

export const STEPS: Steps[] = ['huawei', 'honor', 'xiaomi', 'oppo', 'vivo', 'samsung', 'android', 'iphone', 'wechat', 'desktop']

/** What makers write into the name of the phone, as browsers tell it. */
const MAKERS: [RegExp, Steps][] = [
  [/HONOR|MagicOS/i, 'honor'],
  [/HUAWEI|HarmonyOS|OpenHarmony|EMUI/i, 'huawei'],
  [/Redmi|POCO|Xiaomi|MiuiBrowser|; MI |; M\d{4}[A-Z]/i, 'xiaomi'],
  [/OPPO|OnePlus|realme|HeyTap|; P[A-H][A-Z]{2}\d{2}|; RMX\d/i, 'oppo'],
  [/vivo|iQOO|; V\d{4}[A-Z]/i, 'vivo'],
  [/SAMSUNG|; SM-/i, 'samsung'],
]

export function likelySteps(agent: string): Steps {
  // Both have a browser of their own inside, which shares nothing with the phone's.
  if (/MicroMessenger|wxwork/i.test(agent)) return 'wechat'
  if (/iPhone|iPad/.test(agent)) return 'iphone'
  const maker = MAKERS.find(([mark]) => mark.test(agent))
  return maker ? maker[1] : /Android/.test(agent) ? 'android' : 'desktop'
}
