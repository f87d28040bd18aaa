// What a crowd is told to do, and what its report says, in words (wechat/sandbox/API.md, Crowds).
import type { Crowd, CrowdAct, CrowdOrder, CrowdStep } from '../api/kinds'

export const actNames: Record<CrowdAct, string> = { follow: '关注', ask: '提问', tap: '点菜单', open: '打开网页', fill: '填表', rate: '评价' }

export const stateNames: Record<Crowd['state'], string> = { running: '正在跑', done: '跑完了', stopped: '已停下', cut: '沙箱中断了它' }

/** Outcomes in the order of the report; `bad` ones stand out. */
export const outcomes: { id: string; name: string; bad?: boolean }[] = [
  { id: 'answered', name: '有回答' },
  { id: 'nothing', name: '无回复' },
  { id: 'returned', name: '表被退回' },
  { id: 'unavailable', name: '无法提供服务', bad: true },
  { id: 'refused', name: '被拒绝', bad: true },
  { id: 'lost', name: '没等到', bad: true },
  { id: 'skipped', name: '无事可做' },
  { id: 'failed', name: '沙箱出错', bad: true },
]

/** What people do: ready-made, or one's own. */
export const manners: { id: string; name: string; says: string; mix?: CrowdOrder['mix']; script?: CrowdStep[] }[] = [
  { id: 'usual', name: '随意使用', says: '先关注，然后提问、点菜单、打开网页、评价，各人各样。', mix: { ask: 6, tap: 2, open: 1, rate: 1 } },
  { id: 'ask', name: '只提问', says: '先关注，然后不停提问。', mix: { ask: 1 } },
  { id: 'forms', name: '打开网页填表', says: '先关注，然后打开菜单里的网页填表；有的先填错再改。', mix: { fill: 1 } },
  { id: 'newcomer', name: '新来的人走一遍', says: '每个人依次：关注、提问、点菜单、打开网页、填表、评价。', script: [{ act: 'follow' }, { act: 'ask' }, { act: 'tap' }, { act: 'open' }, { act: 'fill' }, { act: 'rate', after_ms: 500 }] },
  { id: 'own', name: '自己写剧本', says: '每个人依次做剧本里的事。' },
]

export interface CrowdForm {
  account: string
  citizens: string
  seed: string
  rate: string
  seconds: string
  manner: string
  words: string
  script: string
}

export const ownScript = `[
  {"act": "follow"},
  {"act": "ask", "words": "社保卡怎么办"},
  {"act": "tap", "path": [0, 1]},
  {"act": "rate", "after_ms": 500}
]`

function whole(text: string, name: string, least: number, most: number): number {
  const n = Number(text)
  if (!Number.isInteger(n) || text.trim() === '' || n < least || n > most) throw new Error(`${name}应是 ${least} 到 ${most} 的整数。`)
  return n
}

/** The order of a filled form, or what is wrong with it. The sandbox checks the rest. */
export function orderOf(f: CrowdForm): { order: CrowdOrder } | { wrong: string } {
  try {
    if (!f.account) throw new Error('请选一个公众号。')
    const manner = manners.find((m) => m.id === f.manner) ?? manners[0]!
    const order: CrowdOrder = { account: f.account, citizens: whole(f.citizens, '人数', 1, 100_000), seed: whole(f.seed, '种子', 0, Number.MAX_SAFE_INTEGER), seconds: whole(f.seconds, '时长', 1, 86_400) }
    const words = f.words.split('\n').map((w) => w.trim()).filter(Boolean)
    if (words.length) order.words = words
    const script = manner.id === 'own' ? scriptOf(f.script) : manner.script
    if (script) order.script = script
    else {
      order.mix = manner.mix
      order.rate = whole(f.rate, '每秒', 1, 5000)
    }
    return { order }
  } catch (e) {
    return { wrong: (e as Error).message }
  }
}

function scriptOf(text: string): CrowdStep[] {
  let steps: unknown
  try {
    steps = JSON.parse(text)
  } catch (e) {
    throw new Error('剧本不是 JSON：' + (e as Error).message)
  }
  if (!Array.isArray(steps) || !steps.length) throw new Error('剧本应是方括号里的一串动作。')
  return steps as CrowdStep[]
}

/** A number of milliseconds as people read it. */
export function wait(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} 秒` : `${Math.round(ms)} 毫秒`
}

/** Acts a second since it began. */
export function pace(c: Crowd, now: number): number {
  const seconds = Math.max(1, (c.ended_at || now) - c.started_at) / 1000
  return c.report.count / Math.max(1, seconds)
}

/** The file name of a report. */
export const fileOf = (c: Crowd) => `crowd-${c.id}-seed-${c.order.seed}.json`
