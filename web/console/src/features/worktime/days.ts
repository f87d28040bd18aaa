import type { Day, LocalDay, Span, Version, Week } from './api'
import { weekdays } from './api'

/** One square of a month. `mark` is the word on it: 休 off, 班 make-up, 半 hours of its own; '' on ordinary days. */
export interface Cell {
  date: string
  number: number
  weekend: boolean
  working: boolean
  mark: '' | '休' | '班' | '半'
  local: boolean
  name: string
  /** The whole of it in words, for the ear and the hovering mouse. */
  said: string
}

const names = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
export const weekdayNames: Record<keyof Week, string> = { mon: '周一', tue: '周二', wed: '周三', thu: '周四', fri: '周五', sat: '周六', sun: '周日' }

const two = (n: number) => String(n).padStart(2, '0')

/** The weeks of a month, Monday first; null where another month's day would stand. */
export function monthOf(year: number, month: number, special: Map<string, Day>): (Cell | null)[][] {
  const first = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const cells: (Cell | null)[] = Array.from({ length: first }, () => null)
  for (let number = 1; number <= length; number++) {
    const column = (first + number - 1) % 7
    cells.push(cellOf(`${year}-${two(month)}-${two(number)}`, column, special))
  }
  while (cells.length % 7) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7))
}

function cellOf(date: string, column: number, special: Map<string, Day>): Cell {
  const day = special.get(date)
  const weekend = column > 4
  const working = day ? day.working : !weekend
  const mark = !day ? '' : day.half && working ? '半' : working ? (weekend || day.local ? '班' : '') : '休'
  const [, m, d] = date.split('-').map(Number)
  const state = day?.half && working ? `办公时间 ${spansText(day.spans)}` : working ? (weekend ? '调休上班' : day?.local ? '上班' : '工作日') : day ? '放假' : '周末'
  return { date, number: d ?? 0, weekend, working, mark, local: day?.local ?? false, name: day?.name ?? '', said: [`${m}月${d}日 ${names[column]}`, day?.name, state].filter(Boolean).join('，') }
}

/** 09:00–12:00、13:30–17:30 · 不办公 */
export function spansText(spans: Span[]): string {
  return spans.map((s) => `${s.from}–${s.to}`).join('、') || '不办公'
}

/** A week's hours, days with the same ones together: 周一至周五 09:00–12:00、13:30–17:30 */
export function weekLines(week: Week): { days: string; hours: string }[] {
  const out: { first: string; last: string; hours: string }[] = []
  for (const key of weekdays) {
    const hours = spansText(week[key] ?? [])
    const before = out.at(-1)
    if (before?.hours === hours) before.last = weekdayNames[key]
    else out.push({ first: weekdayNames[key], last: weekdayNames[key], hours })
  }
  return out.map((l) => ({ days: l.first === l.last ? l.first : `${l.first}至${l.last}`, hours: l.hours }))
}

/** Spans typed as people do: "9:00-12:00, 13:30-17:30"; null when they cannot be read, [] for an empty text. */
export function parseSpans(text: string): Span[] | null {
  const out: Span[] = []
  for (const piece of text.split(/[,，、;；\s]+/).filter((p) => p && p !== '不办公')) {
    const m = /^(\d{1,2})[:：](\d{2})[-–—~至](\d{1,2})[:：](\d{2})$/.exec(piece)
    if (!m) return null
    const from = `${two(Number(m[1]))}:${m[2]}`
    const to = `${two(Number(m[3]))}:${m[4]}`
    if (from >= to || to > '24:00' || Number(m[2]) > 59 || Number(m[4]) > 59) return null
    out.push({ from, to })
  }
  return out
}

export const kindWords: Record<LocalDay['kind'], string> = { off: '放假', work: '上班', hours: '另定时间' }

/** 12月7日至9日，放假 */
export function localText(l: LocalDay): string {
  const when = !l.to || l.to === l.from ? l.from : `${l.from} 至 ${l.to}`
  return `${when}，${kindWords[l.kind]}${l.spans?.length ? ' ' + spansText(l.spans) : ''}`
}

/** What a day was or becomes, in one word for a table of changes. */
export function stateText(d: Day): string {
  const weekend = [0, 6].includes(new Date(d.date + 'T00:00Z').getUTCDay())
  const name = d.name ? `（${d.name}）` : ''
  if (d.working) return (weekend ? '上班' : '工作日') + name
  return (d.name ? '放假' : '周末') + name
}

/** What one version says, in a line. */
export function versionText(v: Version): string {
  if (v.year) return `放假 ${v.year.days.filter((d) => d.isOffDay).length} 天，调休上班 ${v.year.days.filter((d) => !d.isOffDay).length} 天`
  if (v.kind === 'hours') return v.hours ? weekLines(v.hours).map((l) => `${l.days} ${l.hours}`).join('；') : '跟着上级单位'
  return v.local.map((l) => `${l.name}：${localText(l)}`).join('；') || '没有本地安排'
}
