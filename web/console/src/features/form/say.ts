/** Values as people read them; the server says them the same way (kernel/form's Words). */
import type { Area, Field, Values } from './api'

/** A place with those above it, by its code. */
export function wayOf(code: string, places: Area[]): string {
  const known = new Map(places.map((a) => [a.code, a]))
  const way: Area[] = []
  for (let a = known.get(code); a; a = known.get(a.parent)) way.unshift(a)
  return way.map((a) => a.name).join('') || code
}

const option = (f: Field, v: string) => (v.startsWith('=') ? `其他：${v.slice(1)}` : (f.options?.find((o) => o.value === v)?.label ?? v))

/** One value in words; '' for none. Files and signatures have links of their own. */
export function say(f: Field, v: unknown, places: Area[]): string {
  if (v === undefined || v === null) return ''
  if (f.kind === 'choice') return (Array.isArray(v) ? v : [v]).map((x) => option(f, String(x))).join('、')
  if (f.kind === 'money' && typeof v === 'number') return `${(v / 100).toFixed(2)} 元`
  if (f.kind === 'number') return `${v}${f.unit ? ' ' + f.unit : ''}`
  if (f.kind === 'place') return wayOf(String(v), places)
  if (f.kind === 'date' && typeof v === 'object') return `${(v as { from: string }).from} 至 ${(v as { to: string }).to}`
  if (f.kind === 'file') return Array.isArray(v) ? `${v.length} 个文件` : ''
  if (f.kind === 'signature') return '已签名'
  if (f.kind === 'group') return rows(v).map((r) => (f.fields ?? []).map((c) => (say(c, r[c.name], places) ? `${c.label} ${say(c, r[c.name], places)}` : '')).filter(Boolean).join('，')).join('；')
  return String(v)
}

/** The codes of a file or signature field. */
export const codes = (v: unknown): string[] => (Array.isArray(v) ? (v as string[]) : v ? [String(v)] : [])
export const rows = (v: unknown): Values[] => (Array.isArray(v) ? (v as Values[]) : [])

/** A file's size as people say it. */
export const sizeText = (bytes: number): string => (bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, bytes >> 10)} KB`)
