import type { Verdict } from './api'

/** What the check of the chain found, as a sentence. */
export function verdictText(v: Verdict): string {
  const tail = v.unsealed ? `最新 ${v.unsealed} 条还没有封存（几秒内会封存）。` : ''
  if (v.ok) return `记录完整，没有被改动过。${tail}`
  return `第 ${v.first_bad} 条起与封存时不一致：可能有人绕过系统改了数据库。请保留现场，立即告诉安全管理员。${tail}`
}
