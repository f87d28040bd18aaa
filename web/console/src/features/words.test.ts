import { expect, it } from 'vitest'
import { sorted, summary } from './account/words'
import { verdictText } from './audit/verdict'
import { syncText } from './citizen/words'
import { queueMark } from './job/words'
import { agentText } from './session/agent'
import { passwordFault } from './session/rule'
import { figures } from './workbench/today'

it('puts the worst finding first and sums up', () => {
  const f = (state: 'ok' | 'warn' | 'fail') => ({ name: state, state, title: state })
  expect(sorted([f('ok'), f('fail'), f('warn')]).map((x) => x.state)).toEqual(['fail', 'warn', 'ok'])
  expect(summary([f('ok'), f('warn')])).toBe('能用，1 处要留意')
  expect(summary([f('fail'), f('warn')])).toBe('1 处不通，1 处要留意')
  expect(summary([f('ok')])).toBe('全部正常')
})

it('tells the verdict of the chain with its unsealed tail', () => {
  expect(verdictText({ ok: true, first_bad: 0, rows: 1200, unsealed: 3 })).toContain('最新 3 条还没有封存')
  expect(verdictText({ ok: false, first_bad: 812, rows: 1200, unsealed: 0 })).toContain('第 812 条')
})

it('tells how far a sync has come', () => {
  const s = { state: 'running' as const, done: 10_000, total: 486_213, fresh: 0, gone: 0, started_at: 1, ended_at: 0 }
  expect(syncText(s)).toBe('正在与微信核对：10,000 / 486,213')
  expect(syncText({ ...s, state: 'failed', detail: '额度用完' })).toBe('核对停在 10,000 人：额度用完')
})

it('marks a queue that failed or stands still', () => {
  const q = { name: 'q', title: '', waiting: 0, running: 0, retrying: 0, failed: 0, oldest_at: 0 }
  expect(queueMark(q, 0).word).toBe('都办完了')
  expect(queueMark({ ...q, failed: 2, running: 1 }, 0).kind).toBe('bad')
  expect(queueMark({ ...q, waiting: 1, oldest_at: 1 }, 6 * 60_000).word).toBe('等得太久')
})

it('names devices as people do', () => {
  expect(agentText('Mozilla/5.0 (Windows NT 10.0) Chrome/118.0 Edg/118.0')).toBe('Windows 上的 Edge')
  expect(agentText('Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0')).toBe('安卓手机 上的 微信')
  expect(agentText('')).toBe('不明设备')
})

it('checks a new password before the server does', () => {
  expect(passwordFault('aB1-x', '')).toContain('还差 3 个')
  expect(passwordFault('qingyun2026', '')).toContain('三种')
  expect(passwordFault('Limin-2026', '', 'limin')).toContain('登录名')
  expect(passwordFault('青云Zheng1', '青云Zheng1')).toBe('')
  expect(passwordFault('Qing-yun2026', 'Qing-yun2027')).toBe('两次输入的不一样')
})

it('never makes a percentage of nothing', () => {
  const zero = { received: 0, automatic: 0, by_person: 0, unanswered: 0, answered_in_time: 0, answered_late: 0, followed: 0, left: 0 }
  expect(figures(zero).map((f) => f.value)).toEqual(['0', '—', '—', '0'])
  expect(figures({ ...zero, automatic: 3, by_person: 1, answered_in_time: 1, answered_late: 1 }).map((f) => f.value)).toEqual(['0', '75%', '50%', '0'])
})
