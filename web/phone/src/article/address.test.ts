import { describe, expect, it } from 'vitest'
import { articleOf, countText, draftOf } from './address'

const here = 'http://127.0.0.1:8090'

describe('an article’s address', () => {
  it.each([
    ['http://127.0.0.1:8090/s/AbC-1_2', 'AbC-1_2'],
    ['http://localhost:8090/s/x', 'x'],
    ['/s/x?scene=1#wechat_redirect', 'x'],
    ['http://127.0.0.1:8080/s/x', ''],
    ['http://evil.example/s/x', ''],
    ['http://127.0.0.1:8090/s/x/y', ''],
    ['http://127.0.0.1:8090/c/x', ''],
    ['javascript:/s/x', ''],
    ['http://', ''],
  ])('%s', (address, id) => expect(articleOf(address, here)).toBe(id))
})

describe('a draft’s address', () => {
  it.each([
    ['http://localhost:8090/s/draft/m_1/0', 'http://127.0.0.1:8090/s/draft/m_1/0'],
    ['http://127.0.0.1:8080/s/draft/m_1/0', ''],
    ['/s/draft/m_1/../../x', ''],
  ])('%s', (address, want) => expect(draftOf(address, here)).toBe(want))
})

describe('a count', () => {
  it.each([
    [0, '0'],
    [9999, '9999'],
    [10_000, '1万'],
    [12_999, '1.2万'],
    [100_000, '10万+'],
  ])('%i', (n, want) => expect(countText(n)).toBe(want))
})
