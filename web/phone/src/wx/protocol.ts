// The messages between a framed page and the phone (wechat/sandbox/PHONE.md). Pure: what is read
// here comes from a page and may be anything.

export interface Call {
  call: string
  id: number
  args: Record<string, unknown>
}

export interface Note {
  note: string
  args: Record<string, unknown>
}

const key = 'weizheng_phone'

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** A call or a note, or null for anything else. */
export function readMessage(data: unknown): Call | Note | null {
  const m = isRecord(data) ? data[key] : undefined
  if (!isRecord(m)) return null
  const args = isRecord(m.args) ? m.args : {}
  if (typeof m.call === 'string' && typeof m.id === 'number') return { call: m.call, id: m.id, args }
  if (typeof m.note === 'string') return { note: m.note, args }
  return null
}

/** http://<citizen>.localhost:<port>, the only origin that may speak to this phone. */
export function originOf(citizen: string, port: string): string {
  return `http://${citizen}.localhost${port ? ':' + port : ''}`
}

export const result = (id: number, value: unknown) => ({ [key]: { id, result: value ?? {} } })
export const refusal = (id: number, error: string) => ({ [key]: { id, error } })
export const event = (name: string, args: Record<string, unknown> = {}) => ({ [key]: { event: name, args } })

export const text = (v: unknown, max = 2000) => (typeof v === 'string' ? v.slice(0, max) : '')
export const number = (v: unknown, otherwise = 0) => {
  const n = typeof v === 'string' && v.trim() ? Number(v) : v
  return typeof n === 'number' && Number.isFinite(n) ? n : otherwise
}
export const texts = (v: unknown, max = 200) => (Array.isArray(v) ? v.slice(0, max).filter((x): x is string => typeof x === 'string') : [])

/** A picture's address as the page knows it, at the phone's proxy when it belongs to the page's own origin. */
export function throughProxy(url: string, page: string, frame: string): string {
  try {
    const u = new URL(url, page)
    if (u.protocol !== 'http:' && u.protocol !== 'https:') return ''
    return u.origin === new URL(page).origin ? new URL(u.pathname + u.search, frame).href : u.href
  } catch {
    return ''
  }
}
