import type { Setting } from './api'

const parts: Record<string, string> = {
  account: '公众号', audit: '审计', citizen: '粉丝与个人信息', conversation: '消息', menu: '菜单', org: '机构与人员', reply: '应答', notify: '发送', web: '登录与访问', gateway: '微信接入', setting: '设置', job: '任务',
}

/** The heading that a setting stands under: the part it belongs to. */
export function partText(name: string): string {
  const part = name.split('.')[0] ?? ''
  return parts[part] ?? part
}

export interface Shelf {
  title: string
  settings: Setting[]
}

/** Groups the settings by part in the order they come, keeping those that the words match. */
export function shelves(settings: Setting[], words: string): Shelf[] {
  const w = words.trim()
  const all: Shelf[] = []
  for (const s of settings) {
    if (w && !(s.text + s.name + partText(s.name)).includes(w)) continue
    const title = partText(s.name)
    const shelf = all.find((x) => x.title === title)
    if (shelf) shelf.settings.push(s)
    else all.push({ title, settings: [s] })
  }
  return all
}

/** A duration as Go writes it ("72h30m0s") in words: 3 天 30 分. '' when it cannot be read. */
export function durationText(value: string): string {
  const m = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(value)
  if (!m || !value) return ''
  const hours = Number(m[1] ?? 0)
  const minutes = Number(m[2] ?? 0)
  const seconds = Number(m[3] ?? 0)
  const out = [
    hours >= 24 ? `${Math.floor(hours / 24)} 天` : '',
    hours % 24 ? `${hours % 24} 小时` : '',
    minutes ? `${minutes} 分` : '',
    seconds ? `${seconds} 秒` : '',
  ].filter(Boolean)
  return out.join(' ') || '0'
}

/** What keeps a typed value from being saved, '' when nothing does. */
export function valueFault(s: Setting, value: string): string {
  switch (s.type) {
    case 'int': {
      if (!/^-?\d+$/.test(value)) return '请填整数'
      const n = Number(value)
      return s.max > s.min && (n < s.min || n > s.max) ? `应在 ${s.min} 到 ${s.max} 之间` : ''
    }
    case 'duration':
      return durationText(value) ? '' : '请写成 72h30m 这样：h 是小时，m 是分，s 是秒'
    case 'json':
      try {
        JSON.parse(value)
        return ''
      } catch {
        return '不是完整的 JSON'
      }
    default:
      return ''
  }
}

/** A value as people read it in a list. */
export function valueText(s: Setting, value: string): string {
  if (s.type === 'bool') return value === 'true' ? '开' : '关'
  if (s.type === 'duration') return durationText(value) || value
  return value === '' ? '（空）' : value + (s.unit ? ' ' + s.unit : '')
}
