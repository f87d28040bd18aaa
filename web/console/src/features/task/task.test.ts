import { describe, expect, it } from 'vitest'
import type { Clock } from '../matter/api'
import { clockText, dueText, isAgainst, lacking, lightOf, offered, share } from '../matter/words'
import type { Option } from '../flow/api'
import { optionFor } from './bulk'
import { countOf, narrowed, periodText, queryOf, tabOf, wide } from './tabs'

const option = (action: string, does = 'go', more = {}) => ({ action, title: action, does, ...more })

describe('tabs and filters', () => {
  it('asks for what each tab means', () => {
    expect(queryOf('mine', wide)).toMatchObject({ scope: 'mine', filter: { light: '' } })
    expect(queryOf('near', { ...wide, light: 'green' })).toMatchObject({ scope: 'mine', filter: { light: 'yellow' } })
    expect(queryOf('late', wide).filter.light).toBe('red')
    expect(queryOf('pool', { ...wide, assignee: '7' })).toMatchObject({ scope: 'unit', filter: { held: 'pool' } })
    expect(queryOf('pool', { ...wide, assignee: '7' }).filter.assignee).toBeUndefined()
    expect(queryOf('unit', { ...wide, assignee: '7' })).toMatchObject({ scope: 'unit', filter: { held: 'open', assignee: '7' } })
    expect(queryOf('watching', { ...wide, light: 'red' })).toMatchObject({ scope: 'watching', filter: { light: 'red' } })
    expect(queryOf('done', { ...wide, assignee: '7' })).toMatchObject({ scope: 'done', filter: { assignee: '7' } })
  })
  it('counts days in Shanghai, the last one whole, and passes over what is no day', () => {
    const { filter } = queryOf('mine', { ...wide, from: '2026-11-20', to: '2026-11-20' })
    expect(Number(filter.to_at) - Number(filter.from_at)).toBe(24 * 3600_000)
    expect(queryOf('mine', { ...wide, from: 'x', to: '2026-1-1' }).filter).toMatchObject({ from_at: '', to_at: '' })
  })
  it('knows its tabs, their numbers, and whether anything narrows', () => {
    const c = { mine: 4, near: 1, late: 2, pool: 9, unread: 0 }
    expect([tabOf('pool'), tabOf('nonsense')]).toEqual(['pool', 'mine'])
    expect([countOf('pool', c), countOf('late', c), countOf('done', c), countOf('mine', null)]).toEqual([9, 2, null, null])
    expect([periodText('mine', ''), periodText('done', ''), periodText('unit', '7')]).toEqual(['到期', '办理', '登记'])
    expect([narrowed(wide), narrowed({ ...wide, light: 'red' })]).toEqual([false, true])
  })
})

describe('several at once', () => {
  const has = (...options: ReturnType<typeof option>[]) => ({ options: options as Option[] })
  it('takes the action that asks for no more than what is given', () => {
    expect(optionFor('claim', has(option('take', 'claim')), {})?.action).toBe('take')
    expect(optionFor('claim', has(option('take', 'claim', { fields: ['card'] })), {})).toBeUndefined()
    const both = has(option('re', 'reassign', { asks: ['staff', 'reason'] }), option('tr', 'transfer', { asks: ['any'] }))
    expect([optionFor('transfer', both, { staff: 3 })?.action, optionFor('transfer', both, {})?.action]).toEqual(['tr', undefined])
    expect(optionFor('transfer', has(option('re', 'reassign', { asks: ['staff', 'reason'] })), { staff: 3, reason: '忙' })?.action).toBe('re')
    expect(optionFor('urge', has(option('yes'), option('hurry', 'urge')), {})?.action).toBe('hurry')
  })
})

describe('a matter', () => {
  it('has a light in words, whichever clock of the two is ahead', () => {
    const hour = 3600_000
    expect(lightOf({ light: 'green', due_at: 30 * hour, held: 'kept' }, 0)).toEqual({ kind: 'good', word: '没到期' })
    expect(lightOf({ light: 'yellow', due_at: 2 * hour, held: 'kept' }, 0).word).toBe('快到期')
    expect(lightOf({ light: 'green', due_at: hour, held: 'kept' }, 3 * hour)).toEqual({ kind: 'bad', word: '超期 2 小时' })
    expect(lightOf({ light: 'green', due_at: 0, held: 'pool' }, 0).kind).toBe('idle')
    expect(lightOf({ light: 'red', due_at: 0, held: 'over' }, 0).word).toBe('超过期限办的')
  })
  it('never has more than one primary action, and none that goes against somebody', () => {
    const list = [option('claim', 'claim'), option('no', 'go', { verdict: 'refuse' }), option('yes', 'go', { verdict: 'approve' }), option('back', 'return'), option('note', 'note')]
    const o = offered(list)
    expect([o.primary?.action, o.next.map((x) => x.action), o.more.map((x) => x.action)]).toEqual(['yes', ['claim', 'no', 'back'], ['note']])
    expect(offered([option('claim', 'claim'), option('note', 'note')]).primary?.action).toBe('claim')
    expect(offered([option('drop', 'cancel')]).primary).toBeUndefined()
    expect([isAgainst(list[1]!), isAgainst(list[2]!)]).toEqual([true, false])
  })
  it('says what is missing before it is sent', () => {
    const o = option('x', 'transfer', { asks: ['reason', 'any'] })
    expect([lacking(o, {}), lacking(o, { reason: ' ' }), lacking(o, { reason: '忙' }), lacking(o, { reason: '忙', unit: 3 })]).toEqual(['请写理由', '请写理由', '请选一个单位或一位同事', ''])
  })
  it('says how a clock stands', () => {
    const c = { title: '办理', state: 'running', unit: 'day', total: 5, elapsed: 2, left: 3, due_at: Date.UTC(2026, 10, 24, 16), extended: 0, provisional: false } as Clock
    const now = Date.UTC(2026, 10, 20)
    expect(clockText(c, now)).toBe('还有 3 天，到 11月24日')
    expect(clockText({ ...c, left: -1.5, elapsed: 6.5 }, now)).toContain('超了 1.5 天')
    expect(clockText({ ...c, state: 'paused', due_at: 0 }, now)).toContain('停着')
    expect([dueText(c.due_at, now), dueText(Date.UTC(2026, 10, 20, 4), now)]).toEqual(['11月24日 周二 24:00', '今天 12:00'])
    expect([share(c), share({ elapsed: 9, total: 5 }), share({ elapsed: 0, total: 0 })]).toEqual([40, 100, 100])
  })
})
