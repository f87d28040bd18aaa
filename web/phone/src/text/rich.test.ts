import { describe, expect, it } from 'vitest'
import { faces, toWire } from './faces'
import { isWebAddress, parseRich, summary } from './rich'

describe('parseRich', () => {
  const rows: [string, string, unknown][] = [
    ['plain', '您好', [{ kind: 'text', text: '您好' }]],
    ['line breaks of every kind', 'a\nb\r\nc', [{ kind: 'text', text: 'a' }, { kind: 'break' }, { kind: 'text', text: 'b' }, { kind: 'break' }, { kind: 'text', text: 'c' }]],
    ['link', '见<a href="https://a.cn/x?y=1&amp;z=2">这里</a>。', [{ kind: 'text', text: '见' }, { kind: 'link', text: '这里', href: 'https://a.cn/x?y=1&z=2' }, { kind: 'text', text: '。' }]],
    ['single quotes, capitals', "<A HREF='http://a.cn'>甲</A>", [{ kind: 'link', text: '甲', href: 'http://a.cn' }]],
    ['menu item', '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&msgmenuid=101">满意</a>', [{ kind: 'menu', text: '满意', id: '101', content: '满意' }]],
    ['menu item without content says its label', '<a href="weixin://bizmsgmenu?msgmenuid=7">人工</a>', [{ kind: 'menu', text: '人工', id: '7', content: '人工' }]],
    ['mini-program', '<a href="http://a.cn" data-miniprogram-appid="wx1" data-miniprogram-path="pages/a">打开</a>', [{ kind: 'mini', text: '打开', appid: 'wx1', path: 'pages/a' }]],
    ['script address is only words', '<a href="javascript:alert(1)">点我</a>', [{ kind: 'text', text: '点我' }]],
    ['data address is only words', '<a href="data:text/html,x">点我</a>', [{ kind: 'text', text: '点我' }]],
    ['other schemes of weixin are only words', '<a href="weixin://dl/business">点我</a>', [{ kind: 'text', text: '点我' }]],
    ['other elements stay as typed', '<b>粗</b><script>alert(1)</script>', [{ kind: 'text', text: '<b>粗</b><script>alert(1)</script>' }]],
    ['markup inside a link is dropped', '<a href="http://a.cn"><img src=x onerror=alert(1)>图</a>', [{ kind: 'link', text: '图', href: 'http://a.cn' }]],
    ['unclosed link stays as typed', '<a href="http://a.cn', [{ kind: 'text', text: '<a href="' }, { kind: 'link', text: 'http://a.cn', href: 'http://a.cn' }]],
    ['bare address ends before Chinese punctuation', '看http://a.cn/b。好', [{ kind: 'text', text: '看' }, { kind: 'link', text: 'http://a.cn/b', href: 'http://a.cn/b' }, { kind: 'text', text: '。好' }]],
    ['bare address without a final dot', 'http://a.cn/b.', [{ kind: 'link', text: 'http://a.cn/b', href: 'http://a.cn/b' }, { kind: 'text', text: '.' }]],
    ['face by code and by name', '好/::)[强]', [{ kind: 'text', text: '好' }, { kind: 'face', text: '🙂', name: '微笑' }, { kind: 'face', text: '👍', name: '强' }]],
    ['brackets that are no face', '[附件]', [{ kind: 'text', text: '[附件]' }]],
    ['empty', '', []],
  ]
  it.each(rows)('%s', (_label, text, want) => {
    expect(parseRich(text)).toEqual(want)
  })

  it("leaves a citizen's own <a> as typed", () => {
    expect(parseRich('<a href="x">y</a>', false)).toEqual([{ kind: 'text', text: '<a href="x">y</a>' }])
  })

  it('loses no words of a long text', () => {
    const text = '第一行\n'.repeat(500)
    expect(parseRich(text).filter((n) => n.kind === 'text')).toHaveLength(500)
  })
})

describe('isWebAddress', () => {
  it.each([
    ['http://a.cn', true],
    ['HTTPS://a.cn/x', true],
    ['http://', false],
    ['//a.cn', false],
    ['javascript://a.cn/%0aalert(1)', false],
    [' http://a.cn', false],
    ['', false],
  ])('%s → %s', (href, want) => {
    expect(isWebAddress(href)).toBe(want)
  })
})

describe('faces', () => {
  it('reads every row of the table whole, the one with a bar in its code too', () => {
    expect(faces.every((f) => f.name && f.code.startsWith('/:') && f.emoji)).toBe(true)
    expect(faces.find((f) => f.name === '发呆')).toEqual({ name: '发呆', code: '/::|', emoji: '😶' })
    expect(new Set(faces.map((f) => f.code)).size).toBe(faces.length)
  })
  it('sends names as codes and leaves other brackets', () => {
    expect(toWire('谢谢[微笑][附件]/:rose')).toBe('谢谢/::)[附件]/:rose')
  })
})

it('summary is one line of words', () => {
  expect(summary('您好\n请<a href="http://a.cn">点这里</a>/::)')).toBe('您好 请点这里🙂')
})
