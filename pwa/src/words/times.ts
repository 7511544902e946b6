import { t } from './words'

// The city's clock and not the phone's: China has one zone and no summer time, a phone may think otherwise.
const ZONE_MS = 8 * 3600_000
const DAY_MS = 86_400_000

/** 「1 小时 20 分」: the two largest units, never rounded up, so that nobody is promised a minute. */
export function spanWords(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days > 0) return hours ? t('time.days_hours', { days, hours }) : t('time.days', { days })
  if (hours > 0) return rest ? t('time.hours_minutes', { hours, minutes: rest }) : t('time.hours', { hours })
  return rest ? t('time.minutes', { minutes: rest }) : t('time.under_minute')
}

/** 「18:40」, 「明天 09:30」, 「11月25日 09:30」 */
export function momentWords(at: number, now: number): string {
  const clock = clockWords(at)
  const days = dayOf(at) - dayOf(now)
  if (days === 0) return clock
  if (days === 1) return t('time.tomorrow', { clock })
  if (days === -1) return t('time.yesterday', { clock })
  const date = new Date(at + ZONE_MS)
  return t('time.date', { month: date.getUTCMonth() + 1, day: date.getUTCDate(), clock })
}

export function clockWords(at: number): string {
  return new Date(at + ZONE_MS).toISOString().slice(11, 16)
}

/** RFC 3339 with the city's offset, to the millisecond. */
export function isoTime(at: number): string {
  return new Date(at + ZONE_MS).toISOString().replace('Z', '+08:00')
}

function dayOf(at: number): number {
  return Math.floor((at + ZONE_MS) / DAY_MS)
}
