import { describe, expect, it } from 'vitest'
import { cardOf } from './share'

const page = { title: '我的办件', url: 'http://127.0.0.1:8080/c/qingyun/me?x=1' }
const set = { kind: 'message', title: '高龄津贴', desc: '满 80 岁', link: '/c/qingyun/allowance', img_url: 'https://a.b/c.png' }

describe('the card of a page', () => {
  it.each([
    ['what the page set', set, { title: '高龄津贴', description: '满 80 岁', url: 'http://127.0.0.1:8080/c/qingyun/allowance', thumb_url: 'https://a.b/c.png' }],
    ['the page itself when it set nothing', undefined, { title: '我的办件', description: page.url, url: page.url, thumb_url: '' }],
    ['no script as a picture or an address', { ...set, link: 'javascript:alert(1)', img_url: 'data:image/png;base64,x' }, { title: '高龄津贴', description: '满 80 岁', url: page.url, thumb_url: '' }],
  ])('%s', (_, share, want) => expect(cardOf(share, page)).toEqual(want))

  it('leaves out the mark of web authorisation', () => {
    expect(cardOf(undefined, { title: '', url: 'http://a.b/c#wechat_redirect' })).toMatchObject({ title: 'http://a.b/c', url: 'http://a.b/c' })
  })

  it('cuts what is too long to be kept', () => {
    const card = cardOf({ ...set, title: '长'.repeat(500), desc: '长'.repeat(5000) }, page)
    expect([card.title.length, card.description.length]).toEqual([200, 2000])
  })
})
