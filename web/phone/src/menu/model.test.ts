import { describe, expect, it } from 'vitest'
import { askOf, menuOf, step } from './model'

const leaf = (name: string, type = 'click') => ({ name, type, key: 'K_' + name })

const menu = (...buttons: unknown[]) => ({ menu: { buttons } })

describe('menuOf', () => {
  it('keeps positions as the tap wants them', () => {
    const got = menuOf(menu(leaf('政策'), { name: '办事', type: '', sub: [leaf('预约'), { name: '网站', type: 'view', url: 'http://a.cn' }] }))
    expect(got.map((b) => [b.name, b.path, b.entries.length])).toEqual([
      ['政策', [0], 0],
      ['办事', [1], 2],
    ])
    expect(got[1]!.entries[1]).toEqual({ path: [1, 1], name: '网站', type: 'view', key: '', url: 'http://a.cn' })
  })
  it.each([
    ['no menu', { menu: null }, 0],
    ['nothing', null, 0],
    ['null instead of a list', menu({ name: '甲', type: 'click', sub: null }), 1],
    ['too many buttons', menu(leaf('1'), leaf('2'), leaf('3'), leaf('4')), 3],
  ])('%s', (_l, raw, n) => {
    expect(menuOf(raw)).toHaveLength(n)
  })
  it('shows at most five entries', () => {
    expect(menuOf(menu({ name: '多', sub: [1, 2, 3, 4, 5, 6].map((n) => leaf(String(n))) }))[0]!.entries).toHaveLength(5)
  })
})

it.each([
  ['click', 'none'],
  ['view', 'none'],
  ['scancode_waitmsg', 'scan'],
  ['pic_weixin', 'photo'],
  ['location_select', 'location'],
  ['something_new', 'none'],
])('%s asks for %s', (type, want) => {
  expect(askOf(type)).toBe(want)
})

it('arrow keys wrap around', () => {
  expect(step(2, 'ArrowDown', 3)).toBe(0)
  expect(step(0, 'ArrowUp', 3)).toBe(2)
  expect(step(1, 'End', 3)).toBe(2)
  expect(step(1, 'x', 3)).toBe(1)
  expect(step(0, 'ArrowDown', 0)).toBe(-1)
})
