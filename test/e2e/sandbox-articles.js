// Articles as readers have them: the card, the text, the pictures, what others say; gone ones; the account's history.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { newAccount } from './desk/developer.js'
import { eventually, expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

/** An account with a follower, what it published, and the card of it in the follower's chat. */
async function published(t, name, articles, { toAll = false } = {}) {
  const citizen = await newCitizen('读文章的人')
  const account = await newAccount(t, name)
  await box.post('/follow', { account: account.id, citizen: citizen.id })
  const picture = await account.picture()
  const { media_id } = await account.api('/cgi-bin/draft/add', { articles: articles(picture) })
  if (toAll) await account.api('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, mpnews: { media_id }, msgtype: 'mpnews', send_ignore_reprint: 0 })
  else await account.api('/cgi-bin/freepublish/submit', { media_id })
  let list
  await eventually('it is published', async () => {
    list = (await box.get(`/articles?account=${account.id}&all=true`)).articles
    return list.length === articles(picture).length
  })
  if (toAll) return { citizen, account, list, picture } // the message to all is in every follower's chat
  await citizen.says('有什么新文章', account.id)
  await account.api('/cgi-bin/message/custom/send', { touser: await account.openid(citizen), msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: list[0].article_id } })
  return { citizen, account, list, picture }
}

const text = `<h2>一、谁可以领</h2><p>本市户籍、<strong>年满 80 周岁</strong>的老人。</p>
<p><img src="PICTURE" alt="窗口照片"></p><p>详情见<a href="https://other.example/policy">政策原文</a>。</p>
<p>一张很宽的表：</p><table><tr><th>年龄</th><th>每月（元）</th><th>发放方式</th><th>办理地点</th></tr><tr><td>80–89 岁</td><td>100</td><td>社保卡</td><td>户籍所在街道便民服务中心</td></tr></table>
<script>parent.hacked = true</script><p onclick="parent.hacked = true">不用跑腿，社区代办。</p>`

const news = (picture) => [
  { title: '高龄津贴怎么领？三步讲清楚', author: '青云民政', digest: '满 80 岁就能领，手机上就能办。', content: text.replace('PICTURE', picture.url), content_source_url: 'https://other.example/source', thumb_media_id: picture.media_id, need_open_comment: 1 },
  { title: '本周停水通知', author: '', digest: '', content: '<p>周三 9 时至 17 时，书院街一带停水。</p>', thumb_media_id: picture.media_id },
]

describe('an article', () => {
  test('is read from the chat, liked, kept, shared; a comment waits, is chosen and answered', async (t) => {
    const { citizen, account, list } = await published(t, '文章测试号', news)
    const first = list.find((a) => a.title.startsWith('高龄'))
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at(`chat-${account.id}`).click()
    await phone.at('article-0').click()
    await expect(phone.at('article-title')).toContainText('高龄津贴怎么领')
    await expect(phone.at('article-author')).toContainText('青云民政')
    await expect(phone.at('article-account')).toContainText('文章测试号')
    const body = phone.page.frameLocator('[data-testid=article-frame]')
    await expect(body.locator('body')).toContainText('年满 80 周岁')
    await eventually('the picture is there', () => body.locator('img').evaluate((i) => i.complete && i.naturalWidth > 0))
    await body.getByText('社区代办').click()
    assert.equal(await phone.page.evaluate(() => window.hacked), undefined, 'nothing of an article runs')
    assert.ok(await body.locator('html').evaluate((h) => h.scrollHeight <= h.clientHeight + 1), 'the whole text is in sight without a second scroll bar')
    await expect(phone.at('article-reads')).toContainText('阅读 1')
    await shoot(phone.page, 'sandbox-article')

    await phone.at('article-like').click()
    await expect(phone.at('article-like')).toContainText('赞 1')
    await phone.at('article-favourite').click()
    await expect(phone.at('article-favourite')).toContainText('收藏 1')
    await phone.at('article-like').click()
    await expect(phone.at('article-like')).toContainText('赞 0')

    await phone.at('article-look').click()
    await eventually('the button is pressed', async () => (await phone.at('article-look').getAttribute('aria-pressed')) === 'true')

    await phone.at('article-say').click()
    await phone.at('dialog-input').fill('我妈 82 岁，户口在外地能领吗？')
    await phone.at('dialog-ok').click()
    const comment = phone.at('comment').filter({ hasText: '82 岁' })
    await expect(comment).toContainText('等待精选')
    const { comments } = await box.get(`/articles/${first.id}/comments?all=true`)
    const of = { msg_data_id: first.msg_data_id, index: first.index, user_comment_id: comments[0].id }
    await account.api('/cgi-bin/comment/markelect', of)
    await account.api('/cgi-bin/comment/reply/add', { ...of, content: '您好，按户籍地政策领取，我们可以代转材料。' })
    await expect(comment.getByTestId('comment-reply')).toContainText('我们可以代转材料')
    await expect(comment).notToContainText('等待精选')
    await comment.scrollIntoViewIfNeeded()
    await shoot(phone.page, 'sandbox-comments')

    const friend = await newCitizen('陈大爷的女儿')
    await phone.at('article-share').click()
    await phone.at('people-search').fill('陈大爷的女儿')
    await phone.at(`person-${friend.id}`).click()
    await phone.at('forward-ok').click()
    await expect(phone.at('article-share')).toContainText('分享 1')
    await phone.at('article-source').click()
    await expect(phone.at('dialog')).toContainText('https://other.example/source')
    const other = await pickUp(t, friend, undefined, { size: sizes.phone })
    await other.at(`chat-friend-${citizen.id}`).click()
    await other.at('share-card').click()
    await expect(other.at('article-title')).toContainText('高龄津贴')
    await expect(other.at('comment')).toContainText('代转材料')
    await expect(other.at('article-reads')).toContainText('阅读 2')
    await other.at('back').click()
    await other.at('back').click()
    await other.at('tab-find').click()
    await other.at('looks').click()
    const look = other.page.locator(`[data-testid=look][data-id="${first.id}"]`)
    await expect(look).toContainText('读文章的人在看')
    await shoot(other.page, 'sandbox-looks')
    await look.click()
    await expect(other.at('article-title')).toContainText('高龄津贴')
    assert.deepEqual([...phone.page.wrong, ...other.page.wrong], [])
  })

  test('in large letters fits the screen', async (t) => {
    const { citizen, account } = await published(t, '大字测试号', news)
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at('tab-me').click()
    await phone.at('size-elder').check({ force: true })
    await phone.at('tab-chats').click()
    await phone.at(`chat-${account.id}`).click()
    await shoot(phone.page, 'sandbox-elder-card')
    await phone.at('article-0').click()
    const body = phone.page.frameLocator('[data-testid=article-frame]')
    await body.getByText('社区代办').waitFor()
    assert.ok(await body.locator('body').evaluate((b) => b.scrollWidth <= b.clientWidth + 1), 'no line is wider than the screen')
    assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0)
    await shoot(phone.page, 'sandbox-elder-article')
  })

  test('stands in the history, and says when it is gone', async (t) => {
    const { citizen, account, list } = await published(t, '历史测试号', news, { toAll: true })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at(`chat-${account.id}`).click()
    await phone.at('account-info').click()
    await phone.at('account-history').click()
    await expect(phone.at('history-article')).toHaveCount(2)
    await expect(phone.at('history-article').first()).toContainText('高龄津贴')
    await shoot(phone.page, 'sandbox-history')
    const gone = list.find((a) => a.title === '本周停水通知')
    await box.post(`/articles/${gone.id}/ban`, {})
    await phone.at('history-article').filter({ hasText: '停水' }).click()
    await expect(phone.at('article-gone')).toContainText('此内容因违规无法查看')
    await shoot(phone.page, 'sandbox-article-gone')
    await phone.at('back').click()
    await expect(phone.at('history-article')).toHaveCount(1)
  })

  test('of pictures is looked through', async (t) => {
    const { citizen, account } = await published(t, '图片测试号', (p) => [{ article_type: 'newspic', title: '银杏黄了', content: '人民公园的银杏，周末去看。', image_info: { image_list: [{ image_media_id: p.media_id }, { image_media_id: p.media_id }] } }])
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at(`chat-${account.id}`).click()
    await phone.at('article-0').click()
    await expect(phone.at('gallery-at')).toContainText('1/2')
    await phone.at('gallery-next').click()
    await expect(phone.at('gallery-at')).toContainText('2/2')
    await expect(phone.at('article-screen')).toContainText('人民公园的银杏')
    await shoot(phone.page, 'sandbox-gallery')
  })

  test('several pictures sent to all stand in the chat and open large', async (t) => {
    const citizen = await newCitizen('看图的人')
    const account = await newAccount(t, '多图测试号')
    await box.post('/follow', { account: account.id, citizen: citizen.id })
    const { media_id } = await account.picture()
    await account.api('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, images: { media_ids: [media_id, media_id], recommend: '周末看银杏' }, msgtype: 'image' })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await expect(phone.at(`chat-${account.id}`)).toContainText('[图片]')
    await phone.at(`chat-${account.id}`).click()
    await expect(phone.answers.last()).toContainText('周末看银杏')
    await phone.answers.last().getByRole('button').nth(1).click()
    await expect(phone.at('picture-view')).toContainText('/ 2')
  })
})
