import type { Grant, Role, Unit } from './api'

/** One sentence of what a grant gives: "客服，在 人社局 及下属单位，公众号 青云人社，到 2026-12-31". */
export function grantText(g: Grant, roles: Role[], units: Unit[], accountName: (id: number) => string, day: (ms: number) => string): string {
  const role = roles.find((r) => r.key === g.role)?.name ?? g.role
  const unit = units.find((u) => u.id === g.unit_id)?.name ?? `单位 ${g.unit_id}`
  const account = g.account_id ? `，只限 ${accountName(g.account_id)}` : ''
  const until = g.until_at ? `，到 ${day(g.until_at)}` : ''
  return `${role}，在 ${unit} 及下属单位${account}${until}`
}

/** What keeps a list of grants from being saved, '' when nothing does. */
export function grantsFault(grants: Grant[]): string {
  if (grants.some((g) => !g.role || !g.unit_id)) return '每一行都要选岗位和单位'
  const keys = grants.map((g) => `${g.role}/${g.unit_id}/${g.account_id}`)
  if (new Set(keys).size !== keys.length) return '有两行是一样的，请去掉一行'
  return ''
}
