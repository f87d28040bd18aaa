// Several phones in one window: each its citizen's own, each live.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

describe('phones side by side', () => {
  test('two citizens ask at the same time and each gets their own answer', async (t) => {
    const first = await newCitizen('左边的人', 'qingyun')
    const second = await newCitizen('右边的人', 'qingyun')
    const left = (await pickUp(t, { id: `${first.id}&account=qingyun` }, undefined, { size: sizes.desktop })).beside(first)
    await left.at('account-info').click()
    await left.at('back').click()
    await left.at('back').click()
    await left.at('tab-me').click()
    await left.at('citizens').click()
    await left.at('citizen-search').fill('右边的人')
    await left.at(`beside-${second.id}`).click()
    const right = left.beside(second)
    await right.at('chat-qingyun').click()
    await left.at('back').click()
    await left.at('tab-chats').click()
    await left.at('chat-qingyun').click()
    await Promise.all([left.settled('qingyun'), right.settled('qingyun')])
    await right.asks('200', '【医疗保险常见问题】')
    await left.asks('100', '【养老保险常见问题】')
    await expect(left.answers.last()).notToContainText('医疗保险')
    await shoot(left.page, 'sandbox-two-phones')
    assert.match(left.page.url(), new RegExp(`with=${second.id}`))
    assert.deepEqual(left.page.wrong, [])

    await left.page.reload()
    await expect(right.at('chat-qingyun')).toContainText('医疗保险')
    await right.at('phone-close').click()
    await expect(left.page.getByTestId('phone')).toHaveCount(1)
  })

  test('large letters are one citizen’s, not the neighbour’s, and go on into web pages', async (t) => {
    const first = await newCitizen('眼睛好的人', 'qingyun')
    const second = await newCitizen('老花眼', 'qingyun')
    const window = await pickUp(t, { id: `${first.id}&with=${second.id}` }, undefined, { size: sizes.desktop })
    const [near, far] = [window.beside(first), window.beside(second)]
    await far.at('tab-me').click()
    await far.at('size-elder').check({ force: true })
    await far.at('tab-chats').click()
    const height = (phone) => phone.at('chat-qingyun').evaluate((row) => row.getBoundingClientRect().height)
    await far.at('chat-qingyun').waitFor()
    assert.ok((await height(far)) > 1.3 * (await height(near)), 'rows of the elder phone are taller')
    await far.at('chat-qingyun').click()
    await far.taps(2, 0)
    await far.web.locator('h1').waitFor()
    await expect(far.web.locator('html')).toBeVisible()
    const zoom = () => far.web.locator('html').evaluate((html) => Number(getComputedStyle(html).zoom))
    assert.ok((await zoom()) > 1.4, `the page is shown at ${await zoom()}`)
  })
})
