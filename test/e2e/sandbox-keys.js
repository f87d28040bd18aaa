// The whole phone without a mouse.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

describe('keys', () => {
  test('go to tabs, lists, search and back, and are listed in a sheet that Escape closes', async (t) => {
    const phone = await pickUp(t, await newCitizen('只有键盘的人', 'qingyun', 'qingyun-renshe'), undefined, { size: sizes.phone })
    const keys = phone.page.keyboard
    await phone.at('chat-qingyun').waitFor()
    await keys.press('?')
    await expect(phone.at('keys-sheet')).toContainText('到下一部手机，或面板')
    await shoot(phone.page, 'sandbox-keys')
    await keys.press('Escape')
    await expect(phone.at('keys-sheet')).toHaveCount(0)
    for (const [n, id] of [[2, 'contacts'], [3, 'scan'], [4, 'me-name'], [1, 'chats']]) {
      await keys.press(`Alt+${n}`)
      await expect(phone.at(id)).toBeVisible()
    }
    const rows = phone.at('chats').locator('button.row')
    await rows.first().focus()
    await keys.press('ArrowDown')
    await expect(rows.nth(1)).toBeFocused()
    await keys.press('ArrowUp')
    await expect(rows.first()).toBeFocused()
    await keys.press('Enter')
    await phone.at('chat-screen').waitFor()
    await keys.press('Alt+ArrowLeft')
    await rows.first().waitFor()
    await keys.press('/')
    await expect(phone.at('search-field')).toBeFocused()
    await keys.type('欢迎/?')
    await expect(phone.at('search-field')).toHaveValue('欢迎/?')
    await keys.press('Escape')
    await rows.first().waitFor()
    assert.deepEqual(phone.page.wrong, [])
  })

  test('a message is chosen in the chat and passed on', async (t) => {
    const friend = await newCitizen('听转述的人')
    const citizen = await newCitizen('用键盘转发的人', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun', { size: sizes.phone })
    await phone.asks('100', '【养老保险常见问题】')
    await phone.messages.focus()
    const keys = phone.page.keyboard
    await keys.press('Enter')
    await keys.press('ArrowUp')
    await expect(phone.ownWords.last().locator('.bubble')).toBeFocused()
    await keys.press('ArrowDown')
    await keys.press('Shift+F10')
    await phone.at('action-forward').click()
    await phone.at('people-search').fill('听转述的人')
    await phone.at(`person-${friend.id}`).click()
    await phone.at('forward-ok').click()
    await expect(phone.at('toast')).toContainText('已发送给听转述的人')
  })

  test('F6 goes from phone to phone and to the panel', async (t) => {
    const [one, two] = [await newCitizen('第一部', 'qingyun'), await newCitizen('第二部', 'qingyun')]
    const window = await pickUp(t, { id: `${one.id}&with=${two.id}` }, undefined, { size: { width: 1440, height: 900 } })
    await window.beside(one).at('chat-qingyun').focus()
    const inside = () => window.page.evaluate(() => document.activeElement.closest('.phone')?.dataset.citizen ?? (document.activeElement.closest('.panel') ? 'panel' : 'nowhere'))
    await window.beside(two).at('chat-qingyun').waitFor()
    const seen = []
    for (let n = 0; n < 3; n++) {
      await window.page.keyboard.press('F6')
      seen.push(await inside())
    }
    assert.deepEqual(seen, [two.id, 'panel', one.id])
  })
})
