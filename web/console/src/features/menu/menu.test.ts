import { describe, expect, it } from 'vitest'
import type { Button } from './api'
import { changes, faults, shownName, tidy } from './menu'
import { blank, find, grow, prune, remove } from './tree'

const view = (name: string, url = 'https://a.cn/'): Button => ({ name, type: 'view', url })
const words = (buttons: Button[]) => faults(buttons).map((f) => `${f.place.join('.')} ${f.field}`)

describe("WeChat's limits, in bytes", () => {
  it.each<[string, Button[], string[]]>([
    ['a good menu', [view('办事'), { name: '查询', sub: [view('社保')] }], []],
    ['an empty menu', [], ['0 menu']],
    ['five Chinese characters fit a top button (15 of 16 bytes)', [view('办事大厅啊')], []],
    ['six do not', [view('办事大厅预约')], ['0 name']],
    ['sixteen letters fit', [view('a'.repeat(16))], []],
    ['seventeen do not', [view('a'.repeat(17))], ['0 name']],
    ['twenty Chinese characters fit a sub button', [{ name: '办', sub: [view('事'.repeat(20))] }], []],
    ['twenty-one do not', [{ name: '办', sub: [view('事'.repeat(21))] }], ['0.0 name']],
    ['a fourth top button', [view('一'), view('二'), view('三'), view('四')], ['0 menu']],
    ['a sixth sub button', [{ name: '办', sub: ['1', '2', '3', '4', '5', '6'].map((n) => view(n)) }], ['0 sub']],
    ['a button that does nothing', [{ name: '办' }], ['0 type']],
    ['a nameless one', [view('  ')], ['0 name']],
    ['no address', [view('办', '')], ['0 url']],
    ['an address without scheme', [view('办', 'www.a.cn')], ['0 url']],
    ['a page of ours', [view('办', '/c/zhengwu/items')], []],
    ['an address of nobody', [view('办', '//evil.cn')], ['0 url']],
    ['a key of 129 bytes', [{ name: '办', type: 'click', key: 'k'.repeat(129) }], ['0 key']],
    ['an address of 1025 bytes', [view('办', 'https://a.cn/' + 'x'.repeat(1012))], ['0 url']],
    ['a mini program without its parts', [{ name: '办', type: 'miniprogram', url: 'https://a.cn' }], ['0 appid', '0 pagepath']],
  ])('%s', (_, buttons, expected) => expect(words(buttons)).toEqual(expected))
})

it('shows names as the phone cuts them', () => {
  expect(shownName('办事大厅', 4)).toBe('办事大厅')
  expect(shownName('办事大厅啊', 4)).toBe('办事大厅…')
  expect(shownName('12345热线', 4)).toBe('12345热…')
})

it('sends only what a button of its kind has', () => {
  expect(tidy([{ name: ' 办 ', type: 'view', url: ' https://a.cn ', key: 'left over', sub: [] }])).toEqual([{ name: '办', type: 'view', url: 'https://a.cn' }])
  expect(tidy([{ name: '办', type: 'view', url: 'x', sub: [view('事')] }])).toEqual([{ name: '办', sub: [{ name: '事', type: 'view', url: 'https://a.cn/' }] }])
})

describe('changes of a publication', () => {
  const before = [view('办事', 'https://a.cn/1'), { name: '查询', sub: [view('社保', 'https://a.cn/2'), view('医保', 'https://a.cn/3')] }]
  it.each<[string, Button[], string[]]>([
    ['nothing', before, []],
    ['an added one', [...before, view('找人', 'https://a.cn/4')], ['新增“找人”']],
    ['a removed one', [before[1]!], ['去掉“办事”']],
    ['a changed one', [before[0]!, { name: '查询', sub: [view('社保', 'https://b.cn'), view('医保', 'https://a.cn/3')] }], ['改动“查询 › 社保”']],
    ['a moved one', [before[0]!, { name: '查询', sub: [view('医保', 'https://a.cn/3')] }, { name: '社', sub: [view('社保', 'https://a.cn/2')] }], ['“查询 › 社保”移到“社 › 社保”']],
    ['a renamed one', [{ ...before[0]!, name: '办' }, before[1]!], ['“办事”改名为“办”']],
    ['a new order', [before[1]!, before[0]!], ['只是换了顺序']],
  ])('%s', (_, after, expected) => expect(changes(before, after)).toEqual(expected))
})

describe('the tree', () => {
  it('comes back as it went in', () => {
    const buttons: Button[] = [view('办'), { name: '查', sub: [view('社')] }]
    expect(prune(grow(buttons))).toEqual(buttons)
  })
  it('finds and removes by key, and leaves the rest', () => {
    const nodes = [...grow([{ name: '查', sub: [view('社'), view('医')] }]), blank('新')]
    const sub = nodes[0]!.sub[1]!
    expect(find(nodes, sub.uid)?.place).toEqual([0, 1])
    remove(nodes, sub.uid)
    expect(nodes[0]!.sub.map((n) => n.name)).toEqual(['社'])
    remove(nodes, -1)
    expect(nodes).toHaveLength(2)
  })
})
