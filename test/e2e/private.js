// What is kept of a citizen and shown to few: hidden numbers, pictures, and the pages that a code of the chat opens.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { consoleOf, open, sizes } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { openTalk } from './desk/inbox.js'
import { pickUp } from './desk/phone.js'

describe('what is private', () => {
  test('a hidden number is shown for a reason, and not without', async (t) => {
    const citizen = await newCitizen('说了号码的人', 'qingyun')
    const words = `隔壁的装修吵得厉害 ${Date.now()}`
    await citizen.says(`${words}，户主 11010519491231002X`)
    const desk = await consoleOf(t, 'zuoxi1', '/conversation?state=open')
    await openTalk(desk, words)
    const talk = desk.getByTestId('lines')
    await expect(talk).toContainText('身份证1')
    assert.ok(!(await talk.textContent()).includes('11010519491231002X'))
    await talk.getByTestId('hidden').click()
    await expect(desk.getByTestId('hidden-form')).toContainText('会记入审计')
    assert.ok(await desk.getByTestId('hidden-submit').isDisabled())
    await desk.getByTestId('hidden-reason').fill('核对参保人身份')
    await desk.getByTestId('hidden-submit').click()
    await expect(talk.getByTestId('hidden-value')).toContainText('11010519491231002X')
    await talk.getByTestId('hidden-hide').click()
    await expect(talk.getByTestId('hidden')).toContainText('身份证1')
    assert.ok(!(await talk.textContent()).includes('11010519491231002X'))

    // A leader reads what was said, but has no right to the number.
    const leader = await consoleOf(t, 'lingdao', '/conversation?state=open')
    await openTalk(leader, words)
    await expect(leader.getByTestId('lines')).toContainText('身份证1')
    assert.equal(await leader.getByTestId('hidden').count(), 0)
    assert.deepEqual([...desk.wrong, ...leader.wrong], [])
  })

  test('a picture comes from the phone into the inbox', async (t) => {
    const phone = await pickUp(t, await newCitizen('拍了照片的人', 'qingyun'), 'qingyun')
    await phone.plus('image')
    await phone.at('picture-sample').click()
    await phone.at('picture-ok').click()
    const desk = await consoleOf(t, 'zuoxi1', '/conversation?state=open')
    await desk.getByTestId('conversation-list').locator('button.item', { hasText: '［图片］' }).last().click()
    const picture = desk.getByTestId('media-picture').last()
    await picture.waitFor()
    await picture.evaluate((img) => img.decode())
    assert.ok((await picture.evaluate((img) => img.naturalWidth)) > 0)
    assert.deepEqual(desk.wrong, [])
  })

  test('a code of the chat opens the pages of an account that WeChat tells nothing', async (t) => {
    const citizen = await newCitizen('问社保的人', 'qingyun-renshe')
    const { app } = await house()
    const page = await open(t, `${app.replace(/\/$/, '')}/c/qingyun-renshe/code?return=/c/qingyun-renshe/me`, { size: sizes.phone })
    await expect(page.locator('body')).toContainText('发送“登录”')
    await citizen.says('登录', 'qingyun-renshe')
    let code
    await eventually('the chat gives a code', async () => {
      const { items } = await box.get(`/chat?account=qingyun-renshe&citizen=${citizen.id}`)
      code = /口令是 (\d{6})/.exec(items.at(-1)?.content ?? '')?.[1]
      return !!code
    })
    await page.locator('input[name=code]').fill('000000')
    await page.getByRole('button', { name: '进入' }).click()
    await expect(page.locator('body')).toContainText('口令不对')
    await page.locator('input[name=code]').fill(code)
    await page.getByRole('button', { name: '进入' }).click()
    await expect(page.locator('body')).toContainText('您的代号')
    assert.ok(page.url().endsWith('/c/qingyun-renshe/me'))
    assert.deepEqual(page.wrong, [])
  })
})
