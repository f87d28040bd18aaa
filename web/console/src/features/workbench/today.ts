import type { Today } from './api'

export interface Figure {
  name: string
  label: string
  value: string
  note: string
}

const n = (x: number) => x.toLocaleString('zh-CN')
const share = (part: number, whole: number) => (whole ? `${Math.round((part / whole) * 100)}%` : '—')

/** The figures of the day in plain words; a share of nothing is a dash, never 0%. */
export function figures(t: Today): Figure[] {
  const answered = t.automatic + t.by_person
  const timed = t.answered_in_time + t.answered_late
  return [
    { name: 'received', label: '收到消息', value: n(t.received), note: `还有 ${n(t.unanswered)} 条没答` },
    { name: 'automatic', label: '自动答上', value: share(t.automatic, answered), note: `自动 ${n(t.automatic)} 条，人工 ${n(t.by_person)} 条` },
    { name: 'in-time', label: '按时答复', value: share(t.answered_in_time, timed), note: timed ? `晚了 ${n(t.answered_late)} 条` : '今天还没有要人答的' },
    { name: 'followers', label: '新关注', value: n(t.followed), note: `取消 ${n(t.left)} 人` },
  ]
}
