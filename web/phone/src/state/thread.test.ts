import { describe, expect, it } from 'vitest'
import type { Item } from '../api/kinds'
import { gist, merge, refresh } from './thread'

const item = (id: number, content = ''): Item => ({ id, at: id, from: 'account', type: 'text', content })
const ids = (list: Item[]) => list.map((i) => i.id)

describe('merge', () => {
  it('orders, removes doubles, and lets the newer copy win', () => {
    const got = merge([item(3, 'old'), item(4)], [item(1), item(2), item(3, 'new')])
    expect(ids(got)).toEqual([1, 2, 3, 4])
    expect(got[2]!.content).toBe('new')
  })
})

describe('refresh', () => {
  it('keeps what was scrolled in when the page touches it', () => {
    const got = refresh([item(1), item(2), item(3)], [item(3), item(4)], true)
    expect(ids(got.items)).toEqual([1, 2, 3, 4])
    expect(got.more).toBe('keep')
  })
  it('drops what was held when messages in between are missing', () => {
    const got = refresh([item(1), item(2)], [item(9), item(10)], true)
    expect(ids(got.items)).toEqual([9, 10])
    expect(got.more).toBe(true)
  })
  it('takes the whole when nothing is older', () => {
    const got = refresh([item(5)], [item(5), item(6)], false)
    expect(got).toEqual({ items: [item(5), item(6)], more: false })
  })
  it('forgets a message that the sandbox no longer has', () => {
    expect(ids(refresh([item(5), item(6)], [item(5)], false).items)).toEqual([5])
  })
  it('starts from nothing', () => {
    expect(refresh([], [], false)).toEqual({ items: [], more: false })
  })
})

describe('gist', () => {
  const plain = (s: string) => s
  it.each([
    [{ type: 'text', content: '您好' }, '您好'],
    [{ type: 'voice', recognition: '社保怎么查' }, '[语音] 社保怎么查'],
    [{ type: 'voice' }, '[语音]'],
    [{ type: 'news', articles: [{ title: '通知', description: '', pic_url: '', url: '' }] }, '通知'],
    [{ type: 'news', articles: [] }, '[图文]'],
    [{ type: 'msgmenu', list: [{ id: '1', content: '满意' }, { id: '2', content: '不满意' }] }, '满意 不满意'],
    [{ type: 'location', label: '青云站' }, '[位置] 青云站'],
    [{ type: 'something' }, '[something]'],
  ])('%o', (part, want) => {
    expect(gist({ id: 1, at: 1, from: 'account', ...part } as Item, plain)).toBe(want)
  })
})
