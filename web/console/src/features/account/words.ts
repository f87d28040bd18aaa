import type { Ability, Account, Finding, Kind, Mode } from './api'

export function kindText(a: Pick<Account, 'kind' | 'verified'>): string {
  return (a.kind === 'service' ? '服务号' : '订阅号') + (a.verified ? ' · 已认证' : ' · 未认证')
}

export const modeText: Record<Mode, string> = { plain: '明文', compatible: '兼容', safe: '安全（加密）' }

/** Which kind suits what, for the person who connects an account (WeChat docs: 公众号类型说明). */
export const kindAdvice: Record<Kind, string> = {
  service: '适合办事：认证后有菜单、客服消息、模板消息、网页授权和支付。每月可群发 4 次，消息显示在聊天列表里。',
  subscription: '适合发布：每天可群发 1 次，消息收在“订阅号消息”里。认证后有菜单和客服消息，没有网页授权和支付。',
}

const marks = { ok: 'good', warn: 'warn', fail: 'bad' } as const
const markWords = { ok: '正常', warn: '留意', fail: '不通' }

export const markOf = (f: Finding) => marks[f.state]
export const markWord = (f: Finding) => markWords[f.state]

/** What an account can do, by word and shape. What its kind does not have is no fault. */
export const abilityMark: Record<Ability, { kind: 'good' | 'warn' | 'bad' | 'idle'; word: string }> = {
  able: { kind: 'good', word: '能用' },
  kind: { kind: 'idle', word: '没有这项' },
  verify: { kind: 'warn', word: '认证后有' },
  refused: { kind: 'bad', word: '微信没给' },
  suspended: { kind: 'idle', word: '已停用' },
  fault: { kind: 'bad', word: '凭证不通' },
  spent: { kind: 'bad', word: '今天用完' },
}

/** Worst first, so that what must be mended is read first. */
export function sorted(findings: Finding[]): Finding[] {
  const order = { fail: 0, warn: 1, ok: 2 }
  return [...findings].sort((a, b) => order[a.state] - order[b.state])
}

export function summary(findings: Finding[]): string {
  const n = (s: Finding['state']) => findings.filter((f) => f.state === s).length
  if (n('fail')) return `${n('fail')} 处不通${n('warn') ? `，${n('warn')} 处要留意` : ''}`
  if (n('warn')) return `能用，${n('warn')} 处要留意`
  return '全部正常'
}

/** How the connection to WeChat stands, as far as it is known without a check. */
export function linkMark(a: Pick<Account, 'enabled' | 'fault' | 'has_secret' | 'has_token'>): { kind: 'good' | 'warn' | 'bad' | 'idle'; word: string } {
  if (!a.enabled) return { kind: 'idle', word: '已停用' }
  if (a.fault) return { kind: 'bad', word: '微信拒绝' }
  if (!a.has_secret || !a.has_token) return { kind: 'warn', word: '缺凭证' }
  return { kind: 'good', word: '凭证齐全' }
}
