// The kinds of fault one can order, in words, and what each needs (wechat/sandbox/API.md, Faults).
import type { Fault, FaultKind, NewFault } from '../api/kinds'

export interface KindInfo {
  kind: FaultKind
  name: string
  /** What happens; on a push to the program, and on a call of the program. */
  push?: string
  api?: string
  needs: ('code' | 'delay_ms')[]
}

export const kinds: KindInfo[] = [
  { kind: 'delay', name: '变慢', push: '先连上，过一会儿才把内容送到（5 秒以内要回答）', api: '过一会儿才回答', needs: ['delay_ms'] },
  { kind: 'code', name: '返回错误码', api: '不办这件事，返回这个 errcode', needs: ['code'] },
  { kind: 'html', name: '返回网页', api: '不办这件事，返回 502 和一页 HTML', needs: [] },
  { kind: 'drop', name: '断开', push: '没读到回答就断开，所以会再推送一次', api: '不办这件事，断开连接', needs: [] },
  { kind: 'drop_after', name: '办完再断开（回答丢失）', api: '事情办成了，但回答没有送到', needs: [] },
  { kind: 'duplicate', name: '重复推送', push: '已经回答过，还是再推送一次', needs: [] },
  { kind: 'late', name: '迟到、乱序', push: '晚一些才推送，后面的先到', api: '先办好，晚一些才回答', needs: ['delay_ms'] },
  { kind: 'revoke', name: '令牌失效', api: '调用里的 access_token 当场作废（40001）', needs: [] },
]

export const kindOf = (k: string) => kinds.find((i) => i.kind === k)

export const kindsFor = (path: string) => kinds.filter((k) => (path === 'callback' ? k.push : k.api))

export const commonPaths = [
  '/cgi-bin/*',
  '/cgi-bin/stable_token',
  '/cgi-bin/message/custom/send',
  '/cgi-bin/message/template/send',
  '/cgi-bin/menu/create',
  '/cgi-bin/media/get',
  '/cgi-bin/media/upload',
  '/cgi-bin/user/info',
  '/cgi-bin/user/get',
  '/cgi-bin/ticket/getticket',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/draft/add',
  '/cgi-bin/freepublish/submit',
  '/cgi-bin/message/mass/sendall',
  '/cgi-bin/message/subscribe/bizsend',
  '/cgi-bin/material/add_material',
  '/datacube/*',
  '/sns/oauth2/access_token',
]

export const commonCodes: [number, string][] = [
  [-1, '系统繁忙'],
  [40001, 'access_token 无效'],
  [42001, 'access_token 过期'],
  [40164, 'IP 不在白名单'],
  [43004, '用户没有关注'],
  [43101, '用户没有同意接收'],
  [45009, '当天次数用完'],
  [45011, '调用太频繁'],
  [45015, '超过 48 小时没有互动'],
  [45047, '客服消息条数超限'],
  [48001, '接口没有权限'],
  [50002, '用户受限'],
]

export interface FaultForm {
  path: string
  account: string
  kind: FaultKind
  code: string
  delay: string
  times: string
}

/** The longest delay that makes sense to order, ms. */
const longest = 600_000

/** The fault that the form says, or what is wrong with it. */
export function faultOf(f: FaultForm): { fault: NewFault } | { wrong: string } {
  const info = kindOf(f.kind)
  const path = f.path.trim()
  if (path !== 'callback' && !path.startsWith('/')) return { wrong: '路径要以 / 开头，例如 /cgi-bin/user/info。' }
  if (!info || !kindsFor(path).includes(info)) return { wrong: '这种故障不能用在这里，请换一种。' }
  const times = whole(f.times)
  if (times === null || times < 1 || times > 10_000) return { wrong: '次数是 1 到 10000 的整数。' }
  const fault: NewFault = { path, kind: f.kind, times }
  if (f.account) fault.account = f.account
  if (info.needs.includes('code')) {
    const code = whole(f.code)
    if (code === null || code === 0) return { wrong: '错误码是不为 0 的整数，例如 45009。' }
    fault.code = code
  }
  if (info.needs.includes('delay_ms')) {
    const ms = whole(f.delay)
    if (ms === null || ms < 1 || ms > longest) return { wrong: '毫秒数是 1 到 600000 的整数。' }
    fault.delay_ms = ms
  }
  return { fault }
}

function whole(s: string): number | null {
  return /^\s*-?\d{1,9}\s*$/.test(String(s)) ? Number(s) : null
}

/** One line that says what an ordered fault will do. */
export function sentence(f: Fault | NewFault): string {
  const info = kindOf(f.kind)
  const detail = [f.code !== undefined && f.code !== 0 ? `errcode ${f.code}` : '', f.delay_ms ? `${f.delay_ms} 毫秒` : ''].filter(Boolean).join('，')
  return `${info?.name ?? f.kind}${detail ? `（${detail}）` : ''}`
}
