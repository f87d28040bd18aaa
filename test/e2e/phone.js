// A citizen with a phone, and the four accounts of the city behind it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { consoleOf, open } from './desk/browser.js'
import { expect, eventually } from './desk/expect.js'
import { house } from './desk/house.js'
import { pickUp } from './desk/phone.js'

describe('a citizen', () => {
  test('finds 青云政务, follows it and is welcomed', async (t) => {
    const phone = await pickUp(t, await newCitizen('新来的人'))
    await expect(phone.at('chats-empty')).toContainText('先关注一个公众号')
    await phone.findAccount('qingyun')
    await expect(phone.at('account-screen')).toContainText('服务号 · 已认证')
    await phone.at('follow').click()
    await expect(phone.at('chat-screen')).toContainText('青云政务')
    await expect(phone.answers.first()).toContainText('您好，欢迎关注青云政务')
    await expect(phone.at('menu')).toBeVisible()
    assert.deepEqual(phone.page.wrong, [])
  })

  test('asks in many ways and always gets an answer that helps', async (t) => {
    const citizen = await newCitizen('什么都问', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun')
    await phone.asks('100', '【养老保险常见问题】')
    await phone.asks('社保卡怎么办', '带本人身份证到任一合作银行网点，当场领卡，不收费')
    await phone.asks('社保卡丢了，急', '社保卡丢了请马上挂失')
    await phone.asks('锟斤拷烫烫烫 zzz', '一时没有现成的答案，已转给工作人员')
  })

  test('sends a place, a picture and a voice, and each is understood', async (t) => {
    const phone = await pickUp(t, await newCitizen('不爱打字', 'qingyun'), 'qingyun')
    await expect(phone.answers.first()).toContainText('欢迎关注')

    await phone.plus('location')
    await phone.at('place-ok').click()
    await expect(phone.answers.nth(1)).toContainText('离您最近的综合办事点')

    await phone.plus('image')
    await phone.at('picture-sample').click()
    await phone.at('picture-ok').click()
    await expect(phone.answers.nth(2)).toContainText('图片收到了，已转给工作人员查看')
    await expect(phone.ownWords.nth(1).locator('img[alt=图片]')).toBeVisible()

    await phone.at('voice').click()
    await phone.at('voice-words').fill('身份证到期了去哪里换')
    await phone.at('voice-send').click()
    await expect(phone.answers.nth(3)).toContainText('到期换领 20 元')
  })

  test('taps the menu: a sub-menu opens and a tap answers', async (t) => {
    const phone = await pickUp(t, await newCitizen('点菜单的人', 'qingyun'), 'qingyun')
    await phone.at('menu').waitFor()
    await phone.at('menu-0').click()
    await expect(phone.at('menu-0-2')).toContainText('办事大厅')
    await phone.at('menu-0-2').click()
    await expect(phone.answers.nth(1)).toContainText('云东区政务路 1 号')
    await phone.taps(1, 0)
    await expect(phone.answers.nth(2)).toContainText('【社会保障卡】')
  })

  test('leaves, and can come back by scanning the code', async (t) => {
    const citizen = await newCitizen('来来去去', 'qingyun-renshe')
    const phone = await pickUp(t, citizen, 'qingyun-renshe')
    await expect(phone.answers.first()).toContainText('欢迎关注青云人社')
    await phone.at('account-info').click()
    await phone.at('unfollow').click()
    await expect(phone.at('dialog')).toContainText('聊天记录还在')
    await phone.at('dialog-ok').click()
    await expect(phone.at('contacts')).toContainText('还没有关注')

    const { account } = await box.get('/accounts/qingyun-renshe')
    const code = await phone.page.request.get(new URL(account.qr, phone.page.url()).href)
    await phone.at('tab-chats').click()
    await phone.at('chat-qingyun-renshe').click()
    await expect(phone.at('not-following')).toContainText('您没有关注这个公众号，发不了消息')
    await phone.at('back').click()
    await phone.at('scan-quick').click()
    await phone.at('scan-file').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: await code.body() })
    await expect(phone.at('account-name')).toContainText('青云人社')
    await phone.at('follow').click()
    await expect(phone.answers).toHaveCount(2)
    await expect(phone.answers.last()).toContainText('欢迎关注青云人社')
  })

  test('is told plainly when the account cannot be reached', async (t) => {
    const phone = await pickUp(t, await newCitizen('运气不好', 'qingyun-jiaojing'), 'qingyun-jiaojing')
    await expect(phone.answers.first()).toContainText('欢迎关注青云交警')
    const { fault } = await box.post('/faults', { path: 'callback', account: 'qingyun-jiaojing', kind: 'drop', times: 3 })
    t.after(() => box.del(`/faults/${fault.id}`).catch(() => undefined))
    await phone.says('哪里堵车')
    await expect(phone.at('system-line')).toContainText('该公众号暂时无法提供服务，请稍后再试')
    await expect(phone.at('delivery')).toContainText('公众号没有接住')
    await phone.asks('哪里堵车', '今天施工占道')
  })
})

describe('我的服务, opened from the menu', () => {
  test('knows who the citizen is: the number that the console shows, and since when', async (t) => {
    const remark = '从没备注过'
    const phone = await pickUp(t, await newCitizen(remark, 'qingyun'), 'qingyun')
    await phone.taps(2, 0)
    await expect(phone.at('page-title')).toContainText('我的')
    const body = phone.web.locator('body')
    await expect(body).toContainText('您的代号')
    await expect(body).toContainText(/\d+月\d+日 周. 起/)
    await expect(body).toContainText('本页由 青云市人民政府 负责')
    const [number] = (await body.innerText()).match(/\b[0-9A-F]{8}\b/)

    const desk = await consoleOf(t, 'zuoxi1', `/citizen?q=${number}`)
    await expect(desk.getByTestId('follower-list').locator('tbody tr')).toHaveCount(1)
    await expect(desk.getByTestId('follower-list')).toContainText(`粉丝 ${number}`)
  })

  test('speaks larger when asked to, on every page from then on', async (t) => {
    const phone = await pickUp(t, await newCitizen('周奶奶', 'qingyun'), 'qingyun')
    await phone.taps(2, 0)
    const size = () => phone.web.locator('main').evaluate((el) => parseFloat(getComputedStyle(el).fontSize))
    await phone.web.getByRole('link', { name: '大字版' }).click()
    await phone.web.getByRole('link', { name: '标准版' }).waitFor()
    assert.ok((await size()) >= 18, `the text has ${await size()} px`)
    await expect(phone.web.getByRole('link', { name: '打电话 12345' })).toBeVisible()
    await phone.web.getByRole('link', { name: '我的数据' }).click()
    await expect(phone.at('page-title')).toContainText('我的数据')
    assert.ok((await size()) >= 18, `the next page has ${await size()} px`)
    await phone.web.getByRole('link', { name: '标准版' }).click()
    await phone.web.getByRole('link', { name: '大字版' }).waitFor()
    assert.ok((await size()) < 18)
  })

  test('gives no page to somebody who does not follow: it says what to do', async (t) => {
    const { app } = await house()
    const page = await open(t, `${app}/c/qingyun/me`)
    await expect(page.locator('h1')).toContainText(/微信|登录/)
  })
})

describe('beside the phone', () => {
  test('the wire shows what went to the program, decrypted, and what came back', async (t) => {
    const citizen = await newCitizen('好奇的人', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun')
    await expect(phone.answers.first()).toContainText('欢迎关注')
    await phone.at('wire-mine').check()
    await phone.asks('200', '【医疗保险常见问题】')
    const row = phone.page.locator('[data-testid=wire-row][data-dir=callback]', { hasText: '200' }).first()
    await row.click()
    const detail = phone.at('wire-detail')
    await expect(detail).toContainText('POST')
    await expect(detail.getByTestId('wire-request-plain')).toContainText('<Content><![CDATA[200]]></Content>')
    await expect(detail.getByTestId('wire-response-plain')).toContainText('【医疗保险常见问题】')
    await detail.getByText('请求（原文）').click()
    await expect(detail.getByTestId('wire-request')).toContainText('<Encrypt>')
    await expect(detail.getByTestId('wire-request')).notToContainText('<Content>')
  })

  test('the clock of the city can be moved forward', async (t) => {
    const phone = await pickUp(t, await newCitizen('拨钟的人'))
    const before = await box.get('/clock')
    await phone.at('panel-clock').click()
    await phone.at('clock-1h').click()
    await expect(phone.at('clock-confirm')).toContainText('往前 1 小时')
    await phone.at('clock-confirm-yes').click()
    await expect(phone.at('clock-said')).toContainText('已拨到')
    const after = await box.get('/clock')
    assert.ok(Math.abs(after.offset_ms - before.offset_ms - 3_600_000) < 100, `moved by ${after.offset_ms - before.offset_ms} ms`)
    await eventually('the status bar shows the new time', async () => {
      const shown = await phone.at('clock').innerText()
      const now = new Date((await box.get('/clock')).now).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })
      return shown.includes(now) || shown
    })
  })
})
