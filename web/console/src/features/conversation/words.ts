import { limitText } from '@/ui/time'
import type { Author, Folder, Line, LineState, Media, Window } from './api'

export const folderText: Record<Folder, string> = { waiting: '等着答', mine: '我接的', open: '没结束', closed: '已结束' }
export const folders = Object.keys(folderText) as Folder[]

/** The longest answer, in bytes of UTF-8: WeChat cuts customer messages there. The longest note, in characters. */
export const answerBytes = 2048
export const noteLength = 1000

export interface WindowText {
  text: string
  /** Nothing can be sent now. */
  shut: boolean
  /** The last message or the last hours: say it louder. */
  low: boolean
}

/** 剩 4 条 · 至 11月22日 09:30, or why nothing can be sent. */
export function windowText(w: Window, now: number): WindowText {
  const over = w.until_at > 0 && w.until_at <= now
  if (w.left === 0 || over || !w.until_at) {
    const why = over ? '离他上次来消息已超过 48 小时，微信不让再发。' : '微信给的条数用完了。'
    return { text: w.reason || why + '他再来一条消息就能接着答。', shut: true, low: false }
  }
  const until = `至 ${limitText(w.until_at, now)}`
  const low = w.left === 1 || w.until_at - now < 2 * 3600_000
  return { text: w.left < 0 ? `不限条数 · ${until}` : `剩 ${w.left} 条 · ${until}`, shut: false, low }
}

/** What became of a line that we sent. Lost: no answer came from our own server; the same key may be sent again. */
export function stateText(state: LineState | 'lost', problem = ''): { text: string; kind: 'busy' | 'good' | 'bad' | 'warn' } | null {
  switch (state) {
    case 'sending':
      return { text: '发送中', kind: 'busy' }
    case 'sent':
      return { text: '已送达', kind: 'good' }
    case 'refused':
      return { text: `被拒：${problem || '微信没有收下'}`, kind: 'bad' }
    case 'uncertain':
      return { text: '不确定他收到没有', kind: 'warn' }
    case 'lost':
      return { text: problem || '没有送出，网络断了', kind: 'bad' }
    default:
      return null
  }
}

const kinds: Record<string, string> = { image: '图片', voice: '语音', video: '视频', shortvideo: '小视频', location: '位置', link: '链接', news: '图文', file: '文件', music: '音乐', miniprogrampage: '小程序' }
const events: Record<string, string> = { subscribe: '关注了公众号', unsubscribe: '取消了关注', SCAN: '扫了二维码', scan: '扫了二维码', CLICK: '点了菜单', click: '点了菜单', VIEW: '打开了菜单里的网页', view: '打开了菜单里的网页', LOCATION: '上报了位置' }

/** The name of a kind of message for lists: ［图片］. '' for plain text. */
export const kindText = (kind: string) => (kinds[kind] ? `［${kinds[kind]}］` : '')

/** What a citizen did. Of a code its scene is told; what a menu's button carries (a key, an address) says nothing to people. */
export function eventText(event: string, key = ''): string {
  const scene = /^(scan|subscribe)$/i.test(event) ? key.replace(/^qrscene_/, '') : ''
  return (events[event] ?? `微信事件 ${event}`) + (scene ? `“${scene}”` : '')
}

/** One line of a list: what was said last and by whom. */
export function lastText(last: { text: string; kind: string; from: Author }): string {
  const who = { citizen: '', rule: '自动：', staff: '答：', note: '备注：', system: '' }[last.from] ?? ''
  if (last.kind === 'event') return last.text ? eventText(last.text) : '［事件］'
  return who + kindText(last.kind) + last.text
}

/** Whether a wait is long enough to be told loudly: a morning, a working day. */
export function waitTone(ms: number): '' | 'warn' | 'bad' {
  if (ms >= 24 * 3600_000) return 'bad'
  return ms >= 4 * 3600_000 ? 'warn' : ''
}

/** Texts in which ⟦身份证1⟧ stands for a value that is kept encrypted. */
export function references(text: string): { text: string; hidden: boolean }[] {
  return text
    .split(/(⟦[^⟧]*⟧)/)
    .filter(Boolean)
    .map((t) => (t.startsWith('⟦') ? { text: t.slice(1, -1), hidden: true } : { text: t, hidden: false }))
}

/** Where a file is that somebody sent; '' when it is here. */
export function mediaText(m: Media, name: string): string {
  if (m.state === 'kept') return ''
  if (m.state === 'waiting') return `正在取${name}…${m.problem}`
  return `${name}取不到：${m.problem}`
}

/** A reason that the house takes: 2 to 200 characters. */
export const reasonOk = (reason: string) => {
  const n = [...reason.trim()].length
  return n >= 2 && n <= 200
}

/** Puts freshly read lines among those that are there: by id, the newest reading wins, oldest first. */
export function mergeLines(old: Line[], fresh: Line[]): Line[] {
  const all = new Map(old.map((l) => [l.id, l]))
  for (const l of fresh) all.set(l.id, l)
  return [...all.values()].sort((a, b) => a.id - b.id)
}
