// Which lines of the wire are shown.
import type { Entry } from '../api/kinds'

export interface WireFilter {
  dir: '' | Entry['dir']
  account: string
  /** Only this citizen's; '' for all. */
  citizen: string
  /** Only what went wrong: no answer, HTTP or WeChat error, repeated. */
  bad: boolean
  words: string
}

export const isBad = (e: Entry) => !!e.error || e.status >= 400 || e.status === 0 || (e.code ?? 0) !== 0 || e.attempt > 1

export function matches(e: Entry, f: WireFilter): boolean {
  if (f.dir && e.dir !== f.dir) return false
  if (f.account && e.account !== f.account) return false
  if (f.citizen && e.citizen !== f.citizen) return false
  if (f.bad && !isBad(e)) return false
  const words = f.words.trim().toLowerCase()
  return !words || [e.path, e.request_plain, e.request, e.response_plain, e.response, e.error].some((s) => s?.toLowerCase().includes(words))
}

/** Joins what is held with what came, newest first, at most `keep` lines. */
export function gather(held: Entry[], came: Entry[], keep: number): Entry[] {
  const byId = new Map(held.map((e) => [e.id, e]))
  for (const e of came) byId.set(e.id, e)
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, keep)
}

/** Name of a callback's body for the list: the message or event type, else the path. */
export function titleOf(e: Entry): string {
  const body = e.request_plain || e.request || ''
  if (e.dir !== 'callback') return e.path
  const tag = (name: string) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]{0,80})`).exec(body)?.[1] ?? ''
  const type = tag('MsgType')
  if (!type) return e.method === 'GET' ? '校验地址' : e.path
  if (type === 'event') return [`事件 ${tag('Event')}`, tag('EventKey')].filter(Boolean).join(' ')
  return [`消息 ${type}`, tag('Content')].filter(Boolean).join(' ')
}
