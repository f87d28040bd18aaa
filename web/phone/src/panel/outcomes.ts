// What the next publication, mass message or notice of an account comes to (wechat/sandbox/API.md, Articles and Templates):
// WeChat decides these later and elsewhere, so a test has to be able to decide them.
import type { NewOutcome } from '../api/kinds'

export interface Goal {
  id: 'publish' | 'mass' | 'template' | 'subscription' | 'once'
  name: string
  results: { id: string; name: string }[]
}

const cards = [
  { id: 'failed:user block', name: '用户拒收' },
  { id: 'failed: system failed', name: '系统失败' },
  { id: 'stopped', name: '被平台拦下' },
]

export const goals: Goal[] = [
  {
    id: 'publish',
    name: '发布',
    results: [
      { id: '2', name: '原创审核不通过' },
      { id: '3', name: '失败' },
      { id: '4', name: '平台审核不通过' },
      { id: '5', name: '成功后被删除' },
      { id: '6', name: '成功后被封' },
    ],
  },
  {
    id: 'mass',
    name: '群发',
    results: [
      { id: 'send fail', name: '发送失败' },
      { id: 'err(10001)', name: '涉嫌广告（10001）' },
      { id: 'err(20001)', name: '涉嫌政治（20001）' },
      { id: 'err(20004)', name: '涉嫌社会（20004）' },
      { id: 'err(20002)', name: '涉嫌色情（20002）' },
      { id: 'err(20006)', name: '涉嫌违法犯罪（20006）' },
      { id: 'err(20008)', name: '涉嫌欺诈（20008）' },
      { id: 'err(20013)', name: '涉嫌版权（20013）' },
      { id: 'err(22000)', name: '涉嫌互推（22000）' },
      { id: 'err(21000)', name: '涉嫌其他（21000）' },
    ],
  },
  { id: 'template', name: '模板消息', results: cards },
  { id: 'subscription', name: '订阅通知', results: cards },
  { id: 'once', name: '一次性订阅消息', results: cards },
]

export const goalOf = (id: string) => goals.find((g) => g.id === id)

/** The request that plans a result: to /outcomes for what is published, else to the account's list for notices. */
export function planOf(account: string, goal: string, result: string): { outcome: NewOutcome } | { kind: string; values: string[] } {
  if (goal === 'publish') return { outcome: { account, goal, status: Number(result) } }
  if (goal === 'mass') return { outcome: { account, goal, result } }
  return { kind: goal, values: [result] }
}

/** One line that says what was planned. */
export function planned(goal: string, result: string): string {
  const g = goalOf(goal)
  return `下一次${g?.name ?? goal}：${g?.results.find((r) => r.id === result)?.name ?? result}`
}
