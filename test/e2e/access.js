// For everybody: titles, landmarks, names, contrast, thumbs, and work without a mouse. The console's pages are held against
// the same rules in faces.js, where each is opened.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks, small } from './desk/access.js'
import { open, sizes, staffOf } from './desk/browser.js'
import { newCitizen } from './desk/box.js'
import { expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { pickUp } from './desk/phone.js'
import { totp } from './desk/totp.js'

describe('the phone', () => {
  test('has names, landmarks and words that stand out, in a chat and on every tab', async (t) => {
    const phone = await pickUp(t, await newCitizen('听屏幕的人', 'qingyun'), 'qingyun', { size: sizes.phone })
    await phone.at('menu').waitFor()
    assert.deepEqual([...(await lacks(phone.page)), ...(await faint(phone.page))], [])
    await phone.at('back').click()
    for (const tab of ['chats', 'contacts', 'find', 'me']) {
      await phone.at(`tab-${tab}`).click()
      assert.deepEqual([...(await lacks(phone.page)), ...(await faint(phone.page))], [], tab)
    }
  })
})

describe('the citizen’s page', () => {
  for (const [name, elder, thumb] of [['as it is', false, 44], ['in large letters', true, 60]]) {
    test(`${name}: words stand out, thumbs hit, names are there`, async (t) => {
      const phone = await pickUp(t, await newCitizen('眼睛不好的人', 'qingyun'), 'qingyun', { size: sizes.phone })
      await phone.taps(2, 0)
      if (elder) {
        await phone.web.getByRole('link', { name: '大字版' }).click()
        await phone.web.getByRole('link', { name: '标准版' }).waitFor()
      }
      for (const next of [null, '我的数据', '清除我的数据']) {
        if (next) {
          await phone.web.getByRole('link', { name: next }).click()
          await expect(phone.web.locator('h1')).toContainText(next)
        }
        assert.deepEqual(await faint(phone.web), [], next ?? '我的')
        assert.deepEqual(await small(phone.web, thumb), [], next ?? '我的')
        const shape = await phone.web.locator('html').evaluate((html) => ({
          lang: html.lang, title: document.title, main: document.querySelectorAll('main').length, h1: document.querySelectorAll('h1').length,
          wide: html.scrollWidth > html.clientWidth,
          unnamed: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((f) => !f.labels?.length && !f.ariaLabel).length,
        }))
        assert.deepEqual({ ...shape, title: shape.title !== '' }, { lang: 'zh-CN', title: true, main: 1, h1: 1, wide: false, unnamed: 0 })
      }
    })
  }
})

describe('the open pages', () => {
  for (const path of ['/', '/demo', '/c/qingyun/', '/c/qingyun/nothing']) {
    test(path, async (t) => {
      const { app } = await house()
      const page = await open(t, app + path, { size: sizes.phone })
      assert.deepEqual([...(await lacks(page)), ...(await faint(page)), ...(await small(page, 44))], [])
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'as wide as the screen')
    })
  }
})

describe('large letters of the phone itself', () => {
  test('leave every page within the screen', async (t) => {
    const citizen = await newCitizen('字要大的人', 'qingyun')
    await citizen.says('这条要等人答 ' + Date.now().toString(36))
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at('tab-me').click()
    await phone.at('size-elder').check({ force: true })
    await phone.at('tab-chats').click()
    await phone.at('chat-qingyun').click()
    await phone.settled('qingyun')
    const wide = () => phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.equal(await wide(), 0)
    await phone.taps(2, 0)
    await expect(phone.web.locator('body')).toContainText('等待工作人员答复')
    for (const next of [null, '我的数据', '清除我的数据']) {
      if (next) await phone.web.getByRole('link', { name: next }).click()
      if (next) await expect(phone.web.locator('h1')).toContainText(next)
      assert.ok((await phone.web.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)) <= 0, `${next ?? '我的'} is wider than the screen`)
    }
  })
})

describe('without a mouse', () => {
  test('one logs in, finds the citizen who waits, and answers', async (t) => {
    const words = `只用键盘也能答 ${Date.now().toString(36)}`
    const citizen = await newCitizen('等键盘的人', 'qingyun-renshe')
    await citizen.says(words, 'qingyun-renshe')
    const { console: address } = await house()
    const who = await staffOf('renshe-jingban')
    const page = await open(t, address + 'login')
    const keys = page.keyboard

    await expect(page.getByTestId('login-name')).toBeFocused()
    await keys.type(who.login)
    await keys.press('Tab')
    await keys.type(who.password)
    await keys.press('Enter')
    await expect(page.getByTestId('login-code')).toBeFocused()
    await keys.type(totp(who.totp_secret))
    await page.getByTestId('nav').waitFor()

    await keys.press('Control+k')
    await expect(page.getByTestId('palette-input')).toBeFocused()
    await keys.type('消息')
    await keys.press('Enter')
    const row = page.getByTestId('conversation-list').locator('button.item', { hasText: words })
    await row.waitFor()
    for (let n = 0; n < 60 && (await row.getAttribute('aria-current')) !== 'true'; n++) {
      const before = page.url()
      await keys.press('j')
      await page.waitForURL((url) => url.href !== before)
    }
    await expect(page.getByTestId('lines')).toContainText(words)
    await keys.press('c')
    await expect(page.getByTestId('claimed')).toContainText('您在接待')
    await expect(page.getByTestId('answer-box')).toBeFocused()
    await keys.type('您好，键盘也能答。')
    await keys.press('Enter')
    await expect(page.locator('[data-testid=line][data-from=staff]').last()).toContainText('已送达')
  })

  test('a citizen asks and taps the menu', async (t) => {
    const phone = await pickUp(t, await newCitizen('不碰屏幕的人', 'qingyun'), 'qingyun')
    await phone.at('menu').waitFor()
    await phone.at('menu-0').focus()
    await phone.page.keyboard.press('Enter')
    await expect(phone.at('menu-0-2')).toBeFocused()
    await phone.page.keyboard.press('Enter')
    await expect(phone.answers.last()).toContainText('云东区政务路 1 号')
    await phone.at('to-keys').focus()
    await phone.page.keyboard.press('Enter')
    await expect(phone.at('chat-input')).toBeFocused()
    await phone.page.keyboard.type('100')
    await phone.page.keyboard.press('Enter')
    await expect(phone.answers.last()).toContainText('【养老保险常见问题】')
  })
})
