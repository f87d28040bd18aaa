import type { Account } from '../../src/features/account/api.ts'
import type { Follower, Tag } from '../../src/features/citizen/api.ts'

const hour = 3600_000

export function makeTags(): Tag[] {
  const names = ['参保人员', '应届毕业生', '城东街道', '企业办事员', '退休人员', '现场咨询过（2026年春风行动）']
  return names.map((name, i) => ({ id: 100 + i, account_id: 1, name, count: [42_118, 3_204, 18_330, 2_977, 61_002, 0][i] ?? 0, state: i === 5 ? 'failed' : 'wechat', problem: i === 5 ? '标签名太长' : '', version: 1 }))
}

const named = ['桂花街道王大爷', '', '幸福里3栋李阿姨', '', '', '青云第一中学家长委员会联系人张老师', '', '市场监管投诉人（勿打电话）', '', '']
const sources = ['搜索', '扫二维码 · 桂花街道大厅', '名片分享', '扫二维码 · 春风行动招聘会现场三号展位', '公众号文章内']

export function makeFollowers(accounts: Account[], tags: Tag[]): Follower[] {
  const now = Date.now()
  return Array.from({ length: 130 }, (_, i) => {
    const a = accounts[i % 3]!
    const left = i % 17 === 5
    return {
      id: 500 + i, account_id: a.id, account_name: a.name, citizen_id: i === 0 ? 7 : 0, number: `Q${500 + i}`, erased: false, forget_at: left ? now + 24 * 10 * hour : 0, name: named[i % 10] || `群众 ${(7919 * (i + 3)).toString(36).toUpperCase().slice(-4)}`,
      remark: named[i % 10] ?? '', following: !left, important: i % 13 === 2, blacklisted: i % 37 === 9, blacklist_state: i % 37 === 9 ? 'told' : '', source: sources[i % 5]!,
      tags: a.id === 1 ? [tags[i % 5]!, ...(i % 4 === 0 ? [tags[2]!] : [])].filter((t, j, all) => all.indexOf(t) === j).map((t) => ({ id: t.id, name: t.name })) : [],
      followed_at: now - (i + 1) * 31 * hour, left_at: left ? now - 5 * hour : 0, seen_at: i % 6 === 4 ? 0 : now - i * 3 * hour, version: 1,
    }
  })
}
