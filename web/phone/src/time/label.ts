// Times as people in the city say them. China has had one zone without summer time since 1991,
// so eight hours are added and the UTC fields read: the reader's own zone never matters.

const hour = 3_600_000
const day = 24 * hour
const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

/** Instants (ms UTC) further apart than this get a time line between their bubbles. */
export const gapMs = 5 * 60_000

export interface CityTime {
  year: number
  month: number
  day: number
  weekday: string
  hour: number
  minute: number
  second: number
}

export function cityTime(at: number): CityTime {
  const d = new Date(at + 8 * hour)
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    weekday: weekdays[d.getUTCDay()]!,
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
  }
}

const two = (n: number) => String(n).padStart(2, '0')

export const clockOf = (at: number) => {
  const t = cityTime(at)
  return `${two(t.hour)}:${two(t.minute)}`
}

/** 11月20日 周五 09:30 */
export function dateOf(at: number): string {
  const t = cityTime(at)
  return `${t.month}月${t.day}日 ${t.weekday}`
}

/** 2026-11-20 09:30:05, the exact value for hover and details. */
export function exact(at: number): string {
  const t = cityTime(at)
  return `${t.year}-${two(t.month)}-${two(t.day)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`
}

/** Days between the calendar days of two instants in the city, b − a. */
export function dayGap(a: number, b: number): number {
  return Math.floor((b + 8 * hour) / day) - Math.floor((a + 8 * hour) / day)
}

/** The time line between bubbles: 09:30, 昨天 09:30, 周三 09:30, 11月2日 09:30, 2025年11月2日 09:30. */
export function bubbleLabel(at: number, now: number): string {
  const gap = dayGap(at, now)
  if (gap === 0) return clockOf(at)
  if (gap === 1) return `昨天 ${clockOf(at)}`
  const t = cityTime(at)
  if (gap > 1 && gap < 7) return `${t.weekday} ${clockOf(at)}`
  if (t.year === cityTime(now).year) return `${t.month}月${t.day}日 ${clockOf(at)}`
  return `${t.year}年${t.month}月${t.day}日 ${clockOf(at)}`
}

/** The short time of a list row: 09:30, 昨天, 周三, 11月2日, 2025/11/2. */
export function rowLabel(at: number, now: number): string {
  const gap = dayGap(at, now)
  if (gap === 0) return clockOf(at)
  if (gap === 1) return '昨天'
  const t = cityTime(at)
  if (gap > 1 && gap < 7) return t.weekday
  if (t.year === cityTime(now).year) return `${t.month}月${t.day}日`
  return `${t.year}/${t.month}/${t.day}`
}

/** Marks which items open a new group, so that a time line stands before them. */
export function groupStarts(times: number[]): boolean[] {
  let shown = Number.NEGATIVE_INFINITY
  return times.map((at) => {
    const opens = at - shown > gapMs
    if (opens) shown = at
    return opens
  })
}

/** Value of a datetime-local field (city time) for an instant, and back; NaN for a broken value. */
export function toField(at: number): string {
  const t = cityTime(at)
  return `${t.year}-${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}`
}

export function fromField(value: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value) ? Date.parse(value + (value.length === 16 ? ':00' : '') + '+08:00') : Number.NaN
}

/** 1 小时 20 分, 3 天 2 小时: how far a clock moves. */
export function span(ms: number): string {
  const all = Math.round(ms / 60_000)
  const [days, hours, minutes] = [Math.floor(all / 1440), Math.floor((all % 1440) / 60), all % 60]
  const words = [days && `${days} 天`, hours && `${hours} 小时`, !days && minutes && `${minutes} 分钟`].filter(Boolean)
  return words.join(' ') || '不到 1 分钟'
}

/** Elapsed time of a call: 12 毫秒, 1.24 秒. */
export function took(ms: number): string {
  if (ms < 1) return '不到 1 毫秒'
  return ms < 1000 ? `${Math.round(ms)} 毫秒` : `${(ms / 1000).toFixed(2)} 秒`
}
