import { describe, expect, it } from 'vitest'
import { goals, planned, planOf } from './outcomes'

describe('a planned result', () => {
  it.each([
    ['publish', '4', { outcome: { account: 'zw', goal: 'publish', status: 4 } }],
    ['mass', 'err(10001)', { outcome: { account: 'zw', goal: 'mass', result: 'err(10001)' } }],
    ['template', 'failed:user block', { kind: 'template', values: ['failed:user block'] }],
    ['subscription', 'stopped', { kind: 'subscription', values: ['stopped'] }],
  ])('of %s %s', (goal, result, want) => expect(planOf('zw', goal, result)).toEqual(want))
  it('is said in words', () => expect(planned('publish', '4')).toBe('下一次发布：平台审核不通过'))
  it('can be chosen for everything that ends later', () => expect(goals.every((g) => g.results.length > 0)).toBe(true))
})
