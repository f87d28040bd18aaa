// What was said long ago is found again, in one chat and in all.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

describe('searching', () => {
  test('finds words in all chats and leads to the message, however far back it stands', async (t) => {
    const citizen = await newCitizen('记性不好的人', 'qingyun', 'qingyun-renshe')
    await citizen.says('孙女的学位怎么申请')
    const { items } = await box.get(`/chat?account=qingyun&citizen=${citizen.id}`)
    const first = items.find((i) => i.content === '孙女的学位怎么申请')
    for (let n = 0; n < 40; n++) await citizen.says(`100`)
    await citizen.says('学位的事问过了吗', 'qingyun-renshe')
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at('search').click()
    await expect(phone.at('search-field')).toBeFocused()
    await phone.page.keyboard.type('学位')
    await expect(phone.at('search-results')).toContainText('学位的事问过了吗')
    await expect(phone.at('search-results')).toContainText('孙女的学位怎么申请')
    await shoot(phone.page, 'sandbox-search')
    await phone.page.keyboard.press('ArrowDown')
    await phone.at('hit').filter({ hasText: '孙女' }).click()
    const bubble = phone.messages.locator(`[data-id="${first.id}"]`)
    await bubble.waitFor()
    assert.ok(await bubble.evaluate((el) => { const b = el.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }), 'the message is in sight')
    await phone.at('back').click()
    await expect(phone.at('search-field')).toHaveValue('学位')
  })

  test('stays in one chat when asked from there, and says when there is nothing', async (t) => {
    const citizen = await newCitizen('只找一处的人', 'qingyun', 'qingyun-renshe')
    await citizen.says('养老金几号发', 'qingyun-renshe')
    const phone = await pickUp(t, citizen, 'qingyun', { size: sizes.phone })
    await phone.at('account-info').click()
    await phone.at('account-search').click()
    await phone.at('search-field').fill('养老金几号发')
    await expect(phone.at('search-empty')).toContainText('没有找到“养老金几号发”')
    await phone.at('search-field').fill('欢迎')
    await expect(phone.at('hit').first()).toContainText('欢迎')
    await phone.page.keyboard.press('Escape')
    await expect(phone.at('account-screen')).toBeVisible()
  })
})
