import { describe, expect, it } from 'vitest'
import type { Crowd } from '../api/kinds'
import { fileOf, manners, orderOf, pace, wait, type CrowdForm } from './crowds'

const form: CrowdForm = { account: 'zw', citizens: '20', seed: '7', rate: '10', seconds: '30', manner: 'usual', words: '', script: '' }

describe('an order for a crowd', () => {
  it('has a rate and a mix', () => expect(orderOf(form)).toEqual({ order: { account: 'zw', citizens: 20, seed: 7, seconds: 30, rate: 10, mix: { ask: 6, tap: 2, open: 1, rate: 1 } } }))
  it('has a script and then no rate', () => {
    const made = orderOf({ ...form, manner: 'own', script: '[{"act":"ask","words":"居住证"}]' })
    expect(made).toEqual({ order: { account: 'zw', citizens: 20, seed: 7, seconds: 30, script: [{ act: 'ask', words: '居住证' }] } })
  })
  it('takes words line by line', () => expect(orderOf({ ...form, words: ' 居住证 \n\n社保\n' })).toMatchObject({ order: { words: ['居住证', '社保'] } }))
  it.each([
    ['nobody', { citizens: '0' }, '人数应是 1 到 100000 的整数。'],
    ['half a person', { citizens: '1.5' }, '人数应是 1 到 100000 的整数。'],
    ['no seed', { seed: '' }, '种子应是 0 到'],
    ['too fast', { rate: '6000' }, '每秒应是 1 到 5000 的整数。'],
    ['no account', { account: '' }, '请选一个公众号。'],
    ['a script that is none', { manner: 'own', script: '关注' }, '剧本不是 JSON'],
    ['an empty script', { manner: 'own', script: '[]' }, '剧本应是方括号里的一串动作。'],
  ])('says what is wrong: %s', (_, change, says) => expect((orderOf({ ...form, ...change }) as { wrong: string }).wrong).toContain(says))
  it('is there for every manner', () => expect(manners.every((m) => m.id === 'own' || m.mix || m.script)).toBe(true))
})

describe('a report', () => {
  const c = { id: 3, started_at: 1000, ended_at: 11_000, order: { seed: 7 }, report: { count: 50 } } as Crowd
  it('tells the pace', () => expect(pace(c, 99_000)).toBe(5))
  it('has a file of its own', () => expect(fileOf(c)).toBe('crowd-3-seed-7.json'))
  it.each([[4.6, '5 毫秒'], [1250, '1.3 秒']])('waits %s', (ms, says) => expect(wait(ms)).toBe(says))
})
