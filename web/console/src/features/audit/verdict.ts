import type { Outcome, Verdict } from './api'

/** What the check of the chain found, as a sentence. */
export function verdictText(v: Pick<Verdict, 'ok' | 'first_bad' | 'rows' | 'unsealed'>): string {
  const tail = v.unsealed ? `最新 ${v.unsealed} 条还没有封存（几秒内会封存）。` : ''
  if (v.ok) return `已封存的 ${v.rows.toLocaleString('zh-CN')} 条记录完整，没有被改动过。${tail}`
  const where = v.first_bad ? `第 ${v.first_bad} 条起` : '有几批'
  return `${where}与封存时不一致：可能有人绕过系统改了数据库。请保留现场，立即告诉安全管理员。${tail}`
}

export const outcomeText: Record<Outcome, string> = { done: '办成', denied: '被拒绝', failed: '没办成' }
