// Notices an account may send: asked for on a sheet, shown in 服务通知 and in the chat, and switched off again.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { newAccount } from './desk/developer.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

/** Opens an address as the phone's citizen, from 发现. */
async function goTo(phone, url) {
  if (!(await phone.at('open-url').isVisible())) await phone.at('tab-find').click()
  await phone.at('open-url').click()
  await phone.at('dialog-input').fill(url)
  await phone.at('dialog-ok').click()
}

const widget = (ids) => `<h1>预约</h1><wx-open-subscribe id="ask" template="${ids.join(',')}"><script type="text/wxtag-template"><button id="b">订阅通知</button></script></wx-open-subscribe>`
const listen = `const el = document.getElementById('ask')
el.addEventListener('success', (e) => say(e.detail)); el.addEventListener('error', (e) => say(e.detail))`

async function taken(account, tid, kidList) {
  const { keywords } = await account.api('/wxaapi/newtmpl/getpubtemplatekeywords?tid=' + tid).then((r) => ({ keywords: r.data }))
  const { priTmplId } = await account.api('/wxaapi/newtmpl/addtemplate', { tid: String(tid), kidList: kidList ?? keywords.slice(0, 3).map((k) => k.kid), sceneDesc: '测试' })
  const { templates } = await box.get(`/subscribe?citizen=${account.someone}&account=${account.id}&templates=${priTmplId}`)
  return { id: priTmplId, ...templates[0], data: Object.fromEntries(templates[0].fields.map((f) => [f.key, { value: f.example }])) }
}

describe('订阅通知', () => {
  test('one-time: the sheet asks for two, one is refused, one notice comes and no second', async (t) => {
    const citizen = await newCitizen('要预约的人')
    const account = { ...(await newAccount(t, '预约测试号')), someone: citizen.id }
    const [yes, no] = [await taken(account, 1004), await taken(account, 1005)]
    const url = await account.page('/book', { title: '预约', body: widget([yes.id, no.id]), script: listen, openTagList: ['wx-open-subscribe'] })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await goTo(phone, url)
    await phone.web.locator('#b').click()
    await expect(phone.at('subscribe-what')).toContainText('申请给您发送一次以下通知')
    await phone.at(`subscribe-tick-${no.id}`).uncheck()
    await phone.at(`subscribe-look-${yes.id}`).click()
    await expect(phone.at('subscribe-sheet')).toContainText(yes.fields[0].example)
    await shoot(phone.page, 'sandbox-subscribe')
    await phone.at('subscribe-yes').click()
    await expect(phone.web.locator('#said')).toContainText('subscribe:ok')
    await expect(phone.web.locator('#said')).toContainText('accept')

    const touser = await account.openid(citizen)
    await account.api('/cgi-bin/message/subscribe/bizsend', { touser, template_id: yes.id, page: url, data: yes.data })
    await assert.rejects(account.api('/cgi-bin/message/subscribe/bizsend', { touser, template_id: yes.id, data: yes.data }), { code: 43101 })
    await assert.rejects(account.api('/cgi-bin/message/subscribe/bizsend', { touser, template_id: no.id, data: no.data }), { code: 43101 })
    await phone.at('page-close').click()
    await expect(phone.at('unread-all')).toContainText('1')
    await phone.at('tab-chats').click()
    await expect(phone.at('notices')).toContainText(`预约测试号：${yes.title}`)
    await phone.at('notices').click()
    await expect(phone.at('notice')).toHaveCount(1)
    await expect(phone.at('notice')).toContainText(yes.fields[0].example)
    await expect(phone.at('notice').locator('.dot')).toBeVisible()
    await shoot(phone.page, 'sandbox-notices')
    await phone.at('notice-open').click()
    await expect(phone.at('page-title')).toContainText('预约')
    await phone.at('page-close').click()
    await phone.at('back').click()
    await expect(phone.at('unread-all')).toHaveCount(0)
    assert.deepEqual(phone.page.wrong, [])
  })

  test('“always” answers by itself next time, until it is taken back; closing the sheet answers nothing', async (t) => {
    const citizen = await newCitizen('不爱被问的人')
    const account = { ...(await newAccount(t, '总问测试号')), someone: citizen.id }
    const one = await taken(account, 1006)
    const url = await account.page('/queue', { title: '排队', body: widget([one.id]), script: listen, openTagList: ['wx-open-subscribe'] })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await goTo(phone, url)
    await phone.web.locator('#b').click()
    await phone.at('subscribe-yes').waitFor()
    await phone.page.keyboard.press('Escape')
    await expect(phone.web.locator('#said')).toContainText('subscribe:cancel')
    await phone.web.locator('#b').click()
    await phone.at('subscribe-keep').check()
    await phone.at('subscribe-yes').click()
    await expect(phone.web.locator('#said')).toContainText('accept')
    await phone.web.locator('#said').evaluate((el) => (el.textContent = ''))
    await phone.web.locator('#b').click()
    await expect(phone.web.locator('#said')).toContainText('accept')
    await expect(phone.at('subscribe-sheet')).toHaveCount(0)
    const left = () => box.get(`/consents?citizen=${citizen.id}&account=${account.id}`).then((r) => r.templates[0].remain)
    assert.equal(await left(), 2)

    await phone.at('page-close').click()
    await phone.findAccount(account.id)
    await phone.at('account-notices').click()
    await expect(phone.at('consents-screen')).toContainText('还可以收 2 次')
    await phone.at(`consent-ask-${one.id}`).click()
    await phone.at('back').click()
    await phone.at('back').click()
    await goTo(phone, url)
    await phone.web.locator('#b').click()
    await phone.at('subscribe-no').click()
    await expect(phone.web.locator('#said')).toContainText('reject')
    assert.equal(await left(), 2)
  })

  test('long-term: asked once, sent often, switched off by the citizen', async (t) => {
    const citizen = await newCitizen('办居住证的人')
    const account = { ...(await newAccount(t, '进度测试号')), someone: citizen.id }
    const long = await taken(account, 1001)
    const url = await account.page('/progress', { title: '进度', body: widget([long.id]), script: listen, openTagList: ['wx-open-subscribe'] })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await goTo(phone, url)
    await phone.web.locator('#b').click()
    await expect(phone.at('subscribe-what')).toContainText('申请长期给您发送以下通知')
    await phone.at('subscribe-yes').click()
    await expect(phone.web.locator('#said')).toContainText('accept')
    const touser = await account.openid(citizen)
    const send = () => account.api('/cgi-bin/message/subscribe/bizsend', { touser, template_id: long.id, data: long.data, miniprogram: undefined })
    await send()
    await send()
    await phone.at('page-close').click()
    await phone.at('tab-chats').click()
    await phone.at('notices').click()
    await expect(phone.at('notice')).toHaveCount(2)
    await phone.at('notice-manage').last().click()
    await expect(phone.at('consents-screen')).toContainText('长期接收')
    await phone.at(`consent-${long.id}`).uncheck()
    await expect(phone.at('consents-screen')).toContainText('不接收')
    await shoot(phone.page, 'sandbox-consents')
    await assert.rejects(send(), { code: 43101 })
  })

  test('a template message stands in the chat, and its mini program says what would open', async (t) => {
    const citizen = await newCitizen('收模板消息的人')
    const account = await newAccount(t, '模板测试号')
    await box.post('/follow', { account: account.id, citizen: citizen.id })
    const { template_id } = await account.api('/cgi-bin/template/api_add_template', { template_id_short: '1001', keyword_name_list: ['事项名称', '办理状态'] })
    const { template_list } = await account.api('/cgi-bin/template/get_all_private_template')
    const data = Object.fromEntries([...template_list[0].content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].map(([, key]) => [key, { value: key.startsWith('enum') || key.startsWith('phrase') ? '已受理' : '居住证办理' }]))
    await box.patch(`/accounts/${account.id}`, { miniprograms: ['wx00000000000000aa'] })
    await account.api('/cgi-bin/message/template/send', { touser: await account.openid(citizen), template_id, data, miniprogram: { appid: 'wx00000000000000aa', pagepath: 'pages/progress?id=1' } })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at(`chat-${account.id}`).click()
    await expect(phone.at('notice-card')).toContainText('居住证办理')
    await shoot(phone.page, 'sandbox-template')
    await phone.at('notice-open').click()
    await expect(phone.at('mini-sheet')).toContainText('wx00000000000000aa')
    await expect(phone.at('mini-path')).toContainText('pages/progress?id=1')
    await phone.at('mini-ok').click()
  })
})
