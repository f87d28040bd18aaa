import { describe, expect, it } from 'vitest'
import { blacklistNote } from './words'

describe('what is said of the blacklist', () => {
  it.each([
    ['nobody is blocked', false, '', ''],
    ['blocked and in step', true, 'told', '不再送来'],
    ['taken off and in step', false, 'told', ''],
    ['the account may not', true, 'local', '只在本系统里'],
    ['blocked before WeChat was told of such things', true, '', '只在本系统里'],
    ['on its way', true, 'telling', '还会送来'],
    ['refused', true, 'failed', '用户未关注'],
    ['the end is refused', false, 'failed', '可能还在黑名单里'],
  ] as const)('%s', (_, blacklisted, blacklist_state, says) => {
    const note = blacklistNote({ blacklisted, blacklist_state, blacklist_problem: '用户未关注' })
    if (says) expect(note).toContain(says)
    else expect(note).toBe('')
  })
})
