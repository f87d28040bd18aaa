// All instants are ms UTC; people read them in Asia/Shanghai, which has had no daylight saving since 1991, whatever the
// clock of their computer says.

const shanghai = 8 * 3600_000
const day = 24 * 3600_000
const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

interface Parts {
  year: number
  month: number
  date: number
  weekday: string
  time: string
  second: string
  dayNumber: number
}

function parts(ms: number): Parts {
  const d = new Date(ms + shanghai)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    date: d.getUTCDate(),
    weekday: weekdays[d.getUTCDay()] ?? '',
    time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`,
    second: two(d.getUTCSeconds()),
    dayNumber: Math.floor((ms + shanghai) / day),
  }
}

/** 今天 09:30 · 昨天 09:30 · 11月20日 周五 09:30 · 2025年11月20日 09:30 */
export function momentText(ms: number, now: number): string {
  const p = parts(ms)
  const n = parts(now)
  const near = { 0: '今天', 1: '明天', [-1]: '昨天' }[p.dayNumber - n.dayNumber]
  if (near) return `${near} ${p.time}`
  if (p.year === n.year) return `${p.month}月${p.date}日 ${p.weekday} ${p.time}`
  return `${p.year}年${p.month}月${p.date}日 ${p.time}`
}

/** The short form of lists: 09:30 · 昨天 · 11月18日 · 2025年11月18日 */
export function shortText(ms: number, now: number): string {
  const p = parts(ms)
  const n = parts(now)
  if (p.dayNumber === n.dayNumber) return p.time
  if (p.dayNumber === n.dayNumber - 1) return '昨天'
  return p.year === n.year ? `${p.month}月${p.date}日` : `${p.year}年${p.month}月${p.date}日`
}

/** 11月22日 09:30: a limit, which is read as a date even when it is today. */
export function limitText(ms: number, now: number): string {
  const p = parts(ms)
  const year = p.year === parts(now).year ? '' : `${p.year}年`
  return `${year}${p.month}月${p.date}日 ${p.time}`
}

/** The exact value: 2026-11-20 09:30:12 */
export function exactText(ms: number): string {
  const p = parts(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${p.year}-${two(p.month)}-${two(p.date)} ${p.time}:${p.second}`
}

/** The day heading of a talk: 今天 · 昨天 · 11月18日 周三 */
export function dayText(ms: number, now: number): string {
  return momentText(ms, now).replace(/ \d\d:\d\d$/, '')
}

/** A date with its weekday: 11月20日 周五 */
export function dateText(ms: number): string {
  const p = parts(ms)
  return `${p.month}月${p.date}日 ${p.weekday}`
}

/** Whether two instants fall on the same day in Shanghai. */
export function sameDay(a: number, b: number): boolean {
  return parts(a).dayNumber === parts(b).dayNumber
}

/** How long something lasts or has waited: 不到 1 分钟 · 12 分钟 · 3 小时 20 分 · 2 天 4 小时 */
export function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return '不到 1 分钟'
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 ? `${hours} 小时 ${minutes % 60} 分` : `${hours} 小时`
  const days = Math.floor(hours / 24)
  return hours % 24 ? `${days} 天 ${hours % 24} 小时` : `${days} 天`
}

/** The start or end of a day "2026-11-20" in Shanghai as ms; null for anything else. */
export function dayStart(text: string): number | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return m ? Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3])) - shanghai : null
}

export function dayEnd(text: string): number | null {
  const start = dayStart(text)
  return start === null ? null : start + day - 1
}

/** The wall clock of Shanghai as a Date whose local fields read so: what a date picker shows and gives back. */
export function toPicker(ms: number | null): Date | null {
  if (!ms) return null
  const d = new Date(ms + shanghai)
  return new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds())
}

export function fromPicker(d: Date | null): number | null {
  if (!d) return null
  return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()) - shanghai
}
