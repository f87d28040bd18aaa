// A reviewer binds their own phone at the desk, is reminded on it, and lets a rule go live on the way.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { consoleOf, open, sizes } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const agree = (page) => page.locator('.ask .el-button--primary, .ask .el-button--danger').last().click()

/** What the account said to a phone, the newest last. */
async function said(citizen) {
  const { items } = await box.get(`/chat?account=qingyun&citizen=${citizen}`)
  return items.filter((i) => i.from === 'account').map((i) => i.content ?? '')
}

/** A rule that waits for review, written by the editor at their desk. */
async function propose(t, word, text) {
  const editor = await consoleOf(t, 'bianji')
  const { console: address, accounts } = await house()
  const list = await (await editor.request.get(`${address}api/accounts`)).json()
  const account = list.items.find((a) => a.slug === accounts[0].id)
  const answer = await editor.request.post(`${address}api/replies`, {
    data: { account_id: account.id, name: word, trigger: 'keyword', match: 'exact', words: [word], enabled: true, answers: [{ type: 'text', content: text }] },
  })
  assert.equal(answer.status(), 200, await answer.text())
  return answer.json()
}

/** Binds a phone at an open desk by what is on the screens of both. */
async function bind(desk, phone) {
  await desk.getByTestId('binding-qr').waitFor()
  const picture = await desk.getByTestId('binding-qr').screenshot()
  await phone.at('tab-find').click()
  await phone.at('scan').click()
  await phone.at('scan-file').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture })
}

async function finish(desk, phone) {
  await phone.messages.getByText('确认绑定', { exact: true }).last().click()
  await expect(phone.answers.last()).toContainText('四位数字')
  const digits = (await phone.answers.last().innerText()).match(/\d{4}/)[0]
  await expect(desk.getByTestId('binding-state')).toContainText('手机上已确认')
  await desk.getByTestId('binding-digits').fill(digits)
  await shoot(desk, 'reminder-binding-digits')
  await desk.getByTestId('binding-confirm').click()
  await expect(desk.getByTestId('phone-box')).toContainText('能收到提醒')
}

describe('on the way', () => {
  test('a phone is bound, buzzes, and a rule goes live on it; a stranger sees nothing', async (t) => {
    const desk = await consoleOf(t, 'shenhe', '/phone')
    await expect(desk.getByTestId('phone-box')).toContainText('能收到提醒')
    await shoot(desk, 'reminder-bound')
    await desk.getByTestId('phone-again').click()

    const owner = await newCitizen('顾长宁的新手机')
    const phone = await pickUp(t, owner, undefined, { size: sizes.phone })
    await bind(desk, phone)
    await expect(phone.at('account-name')).toContainText('青云政务')
    await phone.at('follow').click()
    await expect(phone.answers.last()).toContainText('绑定到工作账号：顾长宁')
    await expect(desk.getByTestId('binding-state')).toContainText('已扫码')
    await shoot(phone.page, 'reminder-phone-asked')
    await finish(desk, phone)
    await expect(phone.answers.last()).toContainText('绑定成功')
    await eventually('the old phone is told', async () => (await said('shenhe-phone')).at(-1).includes('换绑到另一个微信'))

    const word = `夜间停车${Date.now() % 10000}`
    const before = (await said(owner.id)).length
    await propose(t, word, '22 点到次日 7 点，路边白线内免费停车。')
    await eventually('the phone buzzes', async () => (await said(owner.id)).length > before)
    await expect(phone.answers.last()).toContainText('【待办提醒】有规则待审')
    await shoot(phone.page, 'reminder-phone-buzz')
    const link = (await said(owner.id)).at(-1).match(/href="([^"]+)"/)[1]
    await phone.answers.last().getByText('打开办理').click()
    const page = phone.web
    await expect(page.locator('body')).toContainText('路边白线内免费停车')
    await expect(page.locator('h1')).toContainText(word)
    await shoot(phone.page, 'reminder-phone-matter')
    await page.getByRole('link', { name: '通过并上线' }).click()
    await page.getByLabel('说明').fill('核对过停车公告')
    await shoot(phone.page, 'reminder-phone-approve')
    await page.getByRole('button', { name: '通过并上线' }).click()
    await expect(page.locator('body')).toContainText('已办理：通过并上线')
    await shoot(phone.page, 'reminder-phone-done')
    await page.getByRole('link', { name: '看其余待办' }).click()
    await expect(page.locator('h1')).toContainText('我的待办')
    await shoot(phone.page, 'reminder-phone-tasks')

    const driver = await pickUp(t, await newCitizen('夜归人', 'qingyun'), 'qingyun')
    await driver.asks(word, '路边白线内免费停车')

    const stranger = await newCitizen('拿到链接的人', 'qingyun')
    const { url } = await box.post('/open', { citizen: stranger.id, url: link })
    const other = await open(t, url, { size: sizes.phone })
    await expect(other.locator('body')).toContainText('发给别人的')
    await shoot(other, 'reminder-stranger')
    const bare = await open(t, link, { size: sizes.phone })
    await expect(bare.locator('body')).notToContainText('路边白线')

    await desk.reload()
    await expect(desk.getByTestId('parcel-list')).toContainText('已送达')
    await shoot(desk, 'reminder-sent')
    const devices = await consoleOf(t, 'shenhe', '/sessions')
    await expect(devices.locator('main')).toContainText('手机待办')

    await desk.getByTestId('phone-unbind').click()
    await agree(desk)
    await desk.getByTestId('phone-bind').waitFor()
    await shoot(desk, 'reminder-unbound')
    await eventually('the phone is told', async () => (await said(owner.id)).at(-1).includes('解除了绑定'))
    await page.getByRole('link', { name: '超期' }).click()
    await expect(page.locator('body')).toContainText('登录已经结束')
    assert.deepEqual(desk.wrong, [])
    assert.deepEqual(phone.page.wrong, [])
  })

  test('an administrator sees who has a phone, and takes it away', async (t) => {
    const desk = await consoleOf(t, 'zuoxi2', '/phone')
    await desk.getByTestId('phone-bind').click()
    const owner = await newCitizen('罗星野的手机', 'qingyun')
    const phone = await pickUp(t, owner, 'qingyun')
    const sentence = await desk.getByTestId('binding-word').innerText()
    await phone.asks(sentence, '绑定到工作账号：罗星野')
    await finish(desk, phone)

    const admin = await consoleOf(t, 'xitong', '/org')
    await admin.getByTestId('staff-q').fill('罗星野')
    await admin.getByTestId('staff-list').locator('tr', { hasText: '罗星野' }).first().click()
    await admin.getByTestId('staff-unbind').click()
    await agree(admin)
    await expect(admin.getByTestId('panel')).toContainText('没有绑定')
    await expect(phone.answers.last()).toContainText('已由管理员解除')
  })

  test('it is large enough for a thumb, in large letters too', async (t) => {
    const desk = await consoleOf(t, 'zuoxi1', '/phone')
    await desk.getByTestId('phone-bind').click()
    const owner = await newCitizen('何晓棠的手机', 'qingyun')
    const phone = await pickUp(t, owner, 'qingyun', { size: sizes.phone })
    await phone.asks(await desk.getByTestId('binding-word').innerText(), '何晓棠')
    await finish(desk, phone)
    await phone.asks('待办', '等您办')
    await phone.answers.last().getByText('打开办理').click()
    await expect(phone.web.locator('h1')).toContainText('我的待办')
    for (const letters of ['', 'elder-']) {
      if (letters) {
        await phone.web.getByRole('link', { name: '大字版' }).click()
        await phone.web.getByRole('link', { name: '标准版' }).waitFor()
      }
      const small = await phone.web.locator('main a, main button').evaluateAll((list) => list.filter((el) => el.offsetHeight > 0 && el.offsetHeight < 44 && !el.closest('p')).map((el) => el.innerText))
      assert.deepEqual(small, [])
      assert.ok((await phone.web.locator('main').evaluate((el) => parseFloat(getComputedStyle(el).fontSize))) >= 16)
      await shoot(phone.page, `reminder-phone-${letters}list`)
    }
  })
})
