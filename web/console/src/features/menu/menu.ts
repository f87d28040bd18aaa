import { bytes } from '@/ui/bytes'
import type { Button, ButtonType, VersionState } from './api'

/** WeChat's limits (WeChat docs: 自定义菜单), buttons and bytes of UTF-8; shown = Chinese characters a phone shows. */
export const limits = { top: 3, sub: 5, topName: 16, subName: 60, key: 128, url: 1024, media: 256, appid: 32, topShown: 4, subShown: 8 }

export const typeText: Record<ButtonType, string> = {
  view: '打开网页',
  click: '回复一段话',
  miniprogram: '打开小程序',
  article_id: '打开文章',
  article_view_limited: '打开文章（不带历史）',
  media_id: '发一份素材',
  scancode_push: '扫一扫（扫完直接打开）',
  scancode_waitmsg: '扫一扫（扫完等回复）',
  pic_sysphoto: '拍照发来',
  pic_photo_or_album: '拍照或选照片发来',
  pic_weixin: '从相册选照片发来',
  location_select: '发位置',
}
export const types = Object.keys(typeText) as ButtonType[]

type Field = 'key' | 'url' | 'appid' | 'pagepath' | 'media_id' | 'article_id'

/** Which fields a type needs, in the order of the form. */
export function fieldsOf(type: ButtonType | '' | undefined): Field[] {
  switch (type) {
    case '':
    case undefined:
      return []
    case 'view':
      return ['url']
    case 'miniprogram':
      return ['appid', 'pagepath', 'url']
    case 'media_id':
      return ['media_id']
    case 'article_id':
    case 'article_view_limited':
      return ['article_id']
    default:
      return ['key']
  }
}

const fieldLimit: Record<Field, number> = { key: limits.key, url: limits.url, appid: limits.appid, pagepath: limits.url, media_id: limits.media, article_id: limits.media }
const fieldText: Record<Field, string> = { key: '键值', url: '网址', appid: '小程序 AppID', pagepath: '小程序页面', media_id: '素材编号', article_id: '文章编号' }

/** Where a button stands: [1] the second top button, [1, 0] its first sub button. */
export type Place = [number] | [number, number]

export interface Fault {
  place: Place
  field: string
  text: string
}

/** Everything WeChat would refuse, each with its place: the same rules as the server's. */
export function faults(buttons: Button[]): Fault[] {
  const out: Fault[] = []
  if (!buttons.length) out.push({ place: [0], field: 'menu', text: '菜单是空的' })
  if (buttons.length > limits.top) out.push({ place: [0], field: 'menu', text: `一级菜单最多 ${limits.top} 个` })
  buttons.forEach((b, i) => {
    out.push(...nameFaults(b, [i], limits.topName))
    if (!b.sub?.length) return out.push(...actionFaults(b, [i]))
    if (b.sub.length > limits.sub) out.push({ place: [i], field: 'sub', text: `子菜单最多 ${limits.sub} 个` })
    b.sub.forEach((s, j) => out.push(...nameFaults(s, [i, j], limits.subName), ...actionFaults(s, [i, j])))
  })
  return out
}

function nameFaults(b: Button, place: Place, limit: number): Fault[] {
  if (!b.name.trim()) return [{ place, field: 'name', text: '请起个名字' }]
  const over = bytes(b.name) - limit
  return over > 0 ? [{ place, field: 'name', text: `名字超出 ${over} 字节（最多 ${limit}，一个汉字 3 字节）` }] : []
}

function actionFaults(b: Button, place: Place): Fault[] {
  if (!b.type) return [{ place, field: 'type', text: '请选点了以后做什么' }]
  const out: Fault[] = []
  for (const field of fieldsOf(b.type)) {
    const value = b[field] ?? ''
    if (!value.trim()) out.push({ place, field, text: `请填${fieldText[field]}` })
    else if (bytes(value) > fieldLimit[field]) out.push({ place, field, text: `${fieldText[field]}超出 ${bytes(value) - fieldLimit[field]} 字节` })
    else if (field === 'url' && !/^(https?:\/\/[^/\s]+|\/(?!\/))/.test(value)) out.push({ place, field, text: '网址要以 https:// 开头，或是本平台的页面（以 / 开头）' })
  }
  return out
}

export function faultAt(list: Fault[], place: Place, field: string): string {
  return list.find((f) => f.field === field && f.place.join() === place.join())?.text ?? ''
}

/** The name as the phone's bar shows it: cut after some Chinese characters, two letters counting as one. */
export function shownName(name: string, characters: number): string {
  let width = 0
  let out = ''
  for (const c of name) {
    width += /[\x00-\xff]/.test(c) ? 0.5 : 1
    if (width > characters) return out + '…'
    out += c
  }
  return out
}

/** Only what a button of this kind has: what was typed for another kind is not sent. */
export function tidy(buttons: Button[]): Button[] {
  return buttons.map((b) => {
    const name = b.name.trim()
    if (b.sub?.length) return { name, sub: tidy(b.sub) }
    const out: Button = { name, type: b.type }
    for (const field of fieldsOf(b.type)) out[field] = (b[field] ?? '').trim()
    return out
  })
}

/** What a publication changes, in sentences; names tell the buttons apart. */
export function changes(before: Button[], after: Button[]): string[] {
  const flat = (list: Button[]) => list.flatMap((b) => (b.sub?.length ? b.sub.map((s) => ({ at: b.name, b: s })) : [{ at: '', b }]))
  const name = (x: { at: string; b: Button }) => (x.at ? `${x.at} › ${x.b.name}` : x.b.name)
  const old = new Map(flat(tidy(before)).map((x) => [name(x), x.b]))
  const fresh = new Map(flat(tidy(after)).map((x) => [name(x), x.b]))
  const gone = new Map([...old].filter(([n]) => !fresh.has(n)))
  const out: string[] = []
  for (const [n, b] of fresh) {
    const was = old.get(n)
    const from = was ? undefined : [...gone].find(([, x]) => JSON.stringify({ ...x, name: '' }) === JSON.stringify({ ...b, name: '' }))
    if (from) {
      gone.delete(from[0])
      out.push(from[1].name === b.name ? `“${from[0]}”移到“${n}”` : `“${from[0]}”改名为“${b.name}”`)
    } else if (!was) out.push(`新增“${n}”`)
    else if (JSON.stringify(was) !== JSON.stringify(b)) out.push(`改动“${n}”`)
  }
  for (const n of gone.keys()) out.push(`去掉“${n}”`)
  if (!out.length && JSON.stringify(tidy(before)) !== JSON.stringify(tidy(after))) out.push('只是换了顺序')
  return out
}

export function stateMark(state: VersionState): { kind: 'good' | 'bad' | 'busy' | 'idle'; word: string } {
  switch (state) {
    case 'live':
      return { kind: 'good', word: '现在用的' }
    case 'sending':
      return { kind: 'busy', word: '正在交给微信' }
    case 'failed':
      return { kind: 'bad', word: '没有发成' }
    default:
      return { kind: 'idle', word: '用过' }
  }
}
