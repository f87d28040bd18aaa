// Every screen of the phone held against the rules that hold for all, as it is and in large letters.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks, small } from './desk/access.js'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const long = '青云市云东区望云街道书院社区第三网格老旧小区改造业主委员会筹备组联系人王秀兰'

/** How to come to each screen from the tabs, and what shows that one is there. */
const ways = [
  ['chats', [], 'chats'],
  ['search', ['search'], 'search-field'],
  ['notices', ['tab-find', 'notices-find'], 'notices-empty'],
  ['moments', ['tab-find', 'moments'], 'moment'],
  ['looks', ['tab-find', 'looks'], 'looks-screen'],
  ['scan', ['tab-find', 'scan'], 'scan-sheet'],
  ['friends', ['tab-contacts', 'friends'], 'people-search'],
  ['friend', ['chat-friend'], 'friend-bubble'],
  ['account', ['tab-contacts', 'contact-qingyun', 'account-info'], 'account-screen'],
  ['history', ['tab-contacts', 'contact-qingyun', 'account-info', 'account-history'], 'history-screen'],
  ['consents', ['tab-contacts', 'contact-qingyun', 'account-info', 'account-notices'], 'receive'],
  ['citizens', ['tab-me', 'citizens'], 'citizen-search'],
  ['keys', ['tab-me', 'keys'], 'keys-sheet'],
]

describe('every screen', () => {
  for (const elder of [false, true]) {
    test(elder ? 'in large letters' : 'as it is', async (t) => {
      const citizen = await newCitizen('处处走走的人', 'qingyun')
      const friend = await newCitizen(long)
      await box.post('/friends/messages', { citizen: friend.id, to: citizen.id, type: 'link', title: '一个很长很长的标题：' + long, description: long, url: 'http://127.0.0.1/x' })
      await box.post('/moments', { citizen: friend.id, words: long, card: { title: long, description: '', url: 'http://127.0.0.1/x' } })
      const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
      if (elder) {
        await phone.at('tab-me').click()
        await phone.at('size-elder').check({ force: true })
      }
      const wrong = {}
      for (const [name, way, there] of ways) {
        await phone.page.goto(new URL('/?citizen=' + citizen.id, phone.page.url()).href)
        for (const step of way) await phone.at(step === 'chat-friend' ? `chat-friend-${friend.id}` : step).first().click()
        await phone.at(there).first().waitFor()
        await shoot(phone.page, `sandbox-${elder ? 'elder-' : ''}${name}`)
        const found = [...(await lacks(phone.page)), ...(await faint(phone.page))]
        const over = await phone.page.evaluate(() => [...document.querySelectorAll('.phone, .phone .scroll')].filter((el) => el.scrollWidth > el.clientWidth + 1).length)
        if (over) found.push('wider than the screen')
        if (elder) found.push(...(await small(phone.page, 36)).map((s) => `small: ${s}`))
        if (found.length) wrong[name] = found
      }
      assert.deepEqual(wrong, {})
      assert.deepEqual(phone.page.wrong, [])
    })
  }
})
