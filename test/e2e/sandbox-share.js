// What one citizen shares, others see, and open as themselves.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { newAccount } from './desk/developer.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

/** The number by which a page names who looks at it. */
const number = async (phone) => (await phone.web.locator('body').innerText()).match(/\b[0-9A-F]{8}\b/)?.[0]

describe('sharing', () => {
  test('a page goes to a friend, who opens it as themselves and answers', async (t) => {
    const one = await newCitizen('转发的人', 'qingyun')
    const two = await newCitizen('收到的人', 'qingyun')
    const phone = await pickUp(t, one, 'qingyun', { size: sizes.phone })
    await phone.taps(2, 0)
    await phone.web.locator('h1').waitFor()
    const own = await number(phone)
    await phone.at('page-menu').click()
    await phone.at('page-menu-share-message').click()
    await phone.at('people-search').fill('收到的人')
    await phone.at(`person-${two.id}`).click()
    await phone.at('forward-words').fill('这个有用')
    await shoot(phone.page, 'sandbox-forward')
    await phone.at('forward-ok').click()
    await expect(phone.at('toast')).toContainText('已发送给收到的人')

    const other = await pickUp(t, two, undefined, { size: sizes.phone })
    await expect(other.at(`unread-friend-${one.id}`)).toContainText('2')
    await other.at(`chat-friend-${one.id}`).click()
    await expect(other.at('friend-bubble').last()).toContainText('这个有用')
    await other.at('share-card').click()
    await other.web.locator('h1').waitFor()
    const seen = await number(other)
    assert.ok(own && seen && own !== seen, `the friend sees ${seen}, the sender saw ${own}`)
    await other.at('page-close').click()
    await other.at('friend-input').fill('谢谢')
    await other.page.keyboard.press('Enter')
    await expect(other.at('friend-bubble').last()).toContainText('谢谢')
    await shoot(other.page, 'sandbox-friend')
    await phone.at('page-close').click()
    await phone.at('back').click()
    await expect(phone.at(`chat-friend-${two.id}`)).toContainText('谢谢')
    assert.deepEqual([...phone.page.wrong, ...other.page.wrong], [])
  })

  test('a page in Moments is seen by everybody, liked, and taken away again by its owner alone', async (t) => {
    const one = await newCitizen('爱分享的人', 'qingyun')
    const two = await newCitizen('爱点赞的人', 'qingyun')
    const phone = await pickUp(t, one, 'qingyun', { size: sizes.phone })
    await phone.taps(2, 0)
    await phone.web.locator('h1').waitFor()
    await phone.at('page-menu').click()
    await phone.at('page-menu-share-timeline').click()
    const words = `手机上就能查 ${Date.now().toString(36)}`
    await phone.at('moment-words').fill(words)
    await phone.at('moment-ok').click()
    await expect(phone.at('toast')).toContainText('已发到朋友圈')

    const other = await pickUp(t, two, undefined, { size: sizes.phone })
    await other.at('tab-find').click()
    await other.at('moments-new').waitFor()
    await other.at('moments').click()
    const moment = other.at('moment').filter({ hasText: words })
    await moment.getByTestId('moment-like').click()
    await expect(moment).toContainText('爱点赞的人')
    await expect(moment.getByTestId('moment-drop')).toHaveCount(0)
    await shoot(other.page, 'sandbox-moments')
    await moment.getByTestId('share-card').click()
    await expect(other.at('page-title')).toContainText('我的')

    await phone.at('page-close').click()
    await phone.at('back').click()
    await phone.at('tab-find').click()
    await phone.at('moments').click()
    const mine = phone.at('moment').filter({ hasText: words })
    await expect(mine).toContainText('爱点赞的人')
    await mine.getByTestId('moment-drop').click()
    await phone.at('dialog-ok').click()
    await expect(phone.at('moment').filter({ hasText: words })).toHaveCount(0)
    const { moments } = await box.get('/moments?limit=100')
    assert.ok(!moments.some((m) => m.words === words))
  })
})

describe('a weak network', () => {
  test('a page that takes long is said to be slow, and nothing moves when it comes', async (t) => {
    const citizen = await newCitizen('信号不好的人')
    const account = await newAccount(t, '慢网页测试号')
    const url = await account.page('/slow', { title: '慢网页', body: '<h1>终于到了</h1>' })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    let go
    await phone.page.route('**/slow', (route) => new Promise((resolve) => (go = () => resolve(route.continue()))))
    await phone.at('tab-find').click()
    await phone.at('open-url').click()
    await phone.at('dialog-input').fill(url)
    await phone.at('dialog-ok').click()
    const top = () => phone.at('page-frame').evaluate((f) => f.getBoundingClientRect().top)
    await phone.at('page-frame').waitFor()
    const before = await top()
    await expect(phone.at('page-slow')).toContainText('网页打开得很慢')
    assert.equal(await top(), before)
    await go()
    await expect(phone.web.locator('h1')).toContainText('终于到了')
    await expect(phone.at('page-slow')).toHaveCount(0)
    assert.equal(await top(), before)
  })
})
