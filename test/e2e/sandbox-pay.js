// Paying from a web page, by the SDK and by the old bridge.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { newAccount } from './desk/developer.js'
import { expect } from './desk/expect.js'
import { newMerchant } from './desk/merchant.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const script = `
document.getElementById('sdk').onclick = () => wx.chooseWXPay({ timestamp: 1700000000, nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's',
  success: (r) => say(r), cancel: (r) => say(r), fail: (r) => say(r) })
document.getElementById('bridge').onclick = () => WeixinJSBridge.invoke('getBrandWCPayRequest', { appId: APPID, timeStamp: '1700000000', nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' }, (r) => say(r))`

async function shop(t, name) {
  const citizen = await newCitizen(name)
  const account = await newAccount(t, '缴费测试号')
  const url = await account.page('/fee', {
    title: '缴费', body: '<h1>学费</h1><button id="sdk">去缴费</button> <button id="bridge">老办法缴费</button>', jsApiList: ['chooseWXPay'],
    script: script.replace('APPID', JSON.stringify(account.appid)),
  })
  const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
  await phone.at('tab-find').click()
  await phone.at('open-url').click()
  await phone.at('dialog-input').fill(url)
  await phone.at('dialog-ok').click()
  await phone.web.locator('h1').waitFor()
  return { phone, said: phone.web.locator('#said'), account }
}

describe('paying', () => {
  test('an account without a merchant: the phone says so, the page hears fail', async (t) => {
    const { phone, said } = await shop(t, '付不了的人')
    await phone.web.locator('#sdk').click()
    await expect(phone.at('dialog')).toContainText('这个公众号没有开通支付')
    await phone.at('dialog-ok').click()
    await expect(said).toContainText('chooseWXPay:fail')
    await phone.web.locator('#bridge').click()
    await phone.at('dialog-ok').click()
    await expect(said).toContainText('get_brand_wcpay_request:fail')
  })

  // The merchants' side is played by the test here: the sheet is what is looked at.
  test('amount and payee, an empty card, a password, and what the page hears', async (t) => {
    const { phone, said } = await shop(t, '付得了的人')
    const asked = []
    await phone.page.route('**/sandbox/api/pay/bill', async (route) => {
      asked.push(route.request().postDataJSON())
      await route.fulfill({ json: { bill: { prepay_id: 'wx1', payee: '青云市第一中学财务专户', description: '2026 年秋季学费（高一 3 班 吴同学）', total: 123_450 } } })
    })
    await phone.page.route('**/sandbox/api/pay', (route) => {
      const { means } = route.request().postDataJSON()
      return route.fulfill(means === 'balance' ? { json: {} } : { status: 409, json: { error: { code: 'short', message: '余额不足，没有付成。' } } })
    })
    await phone.web.locator('#sdk').click()
    await expect(phone.at('pay-amount')).toContainText('1,234.50')
    await expect(phone.at('pay-sheet')).toContainText('青云市第一中学财务专户')
    await phone.at('pay-empty_card').check()
    for (const n of '123456') await phone.at(`pay-key-${n}`).click()
    await expect(phone.at('pay-wrong')).toContainText('余额不足')
    await shoot(phone.page, 'sandbox-pay')
    await phone.page.keyboard.press('Escape')
    await expect(said).toContainText('chooseWXPay:cancel')

    await phone.web.locator('#sdk').click()
    await phone.at('pay-amount').waitFor()
    await phone.page.keyboard.type('112233')
    await phone.at('pay-done').click()
    await expect(said).toContainText('chooseWXPay:ok')
    await phone.web.locator('#bridge').click()
    await phone.at('pay-finger').click()
    await shoot(phone.page, 'sandbox-paid')
    await phone.at('pay-done').click()
    await expect(said).toContainText('get_brand_wcpay_request:ok')
    assert.equal(asked.length, 3)
    assert.deepEqual({ ...asked[0], appid: '', citizen: '' }, { appid: '', citizen: '', timestamp: '1700000000', nonce: 'n', package: 'prepay_id=wx1', sign_type: 'RSA', pay_sign: 's' })
    assert.deepEqual(phone.page.wrong, [])
  })

  test('a real order: a forged signature opens no sheet, a right one is paid once and leaves a receipt', async (t) => {
    const citizen = await newCitizen('真付钱的人')
    const account = await newAccount(t, '真缴费号')
    await box.post('/follow', { account: account.id, citizen: citizen.id })
    const merchant = await newMerchant(account)
    const no = 'e2e-' + citizen.id.slice(-8)
    const sheet = merchant.sheet(await merchant.prepay({ description: '学费', out_trade_no: no, amount: { total: 123_450 }, payer: { openid: await account.openid(citizen) } }))
    const url = await account.page('/fee', {
      title: '缴费', body: '<h1>学费</h1><button id="forged">假的</button> <button id="sdk">去缴费</button> <button id="bridge">再付一次</button>', jsApiList: ['chooseWXPay'],
      script: `const sheet = ${JSON.stringify(sheet)}
const choose = (o) => wx.chooseWXPay({ ...o, timestamp: o.timeStamp, success: (r) => say(r), cancel: (r) => say(r), fail: (r) => say(r) })
document.getElementById('forged').onclick = () => choose({ ...sheet, nonceStr: 'forged' })
document.getElementById('sdk').onclick = () => choose(sheet)
document.getElementById('bridge').onclick = () => WeixinJSBridge.invoke('getBrandWCPayRequest', sheet, (r) => say(r))`,
    })
    const phone = await pickUp(t, citizen, undefined, { size: sizes.phone })
    await phone.at('tab-find').click()
    await phone.at('open-url').click()
    await phone.at('dialog-input').fill(url)
    await phone.at('dialog-ok').click()
    const said = phone.web.locator('#said')
    await phone.web.locator('#forged').click()
    await expect(phone.at('dialog')).toContainText('支付验证签名失败')
    await phone.at('dialog-ok').click()
    await expect(said).toContainText('chooseWXPay:fail')
    assert.equal((await merchant.query(no)).trade_state, 'NOTPAY')

    await phone.web.locator('#sdk').click()
    await expect(phone.at('pay-amount')).toContainText('1,234.50')
    await expect(phone.at('pay-sheet')).toContainText('真缴费号')
    await phone.at('pay-finger').click()
    await phone.at('pay-done').click()
    await expect(said).toContainText('chooseWXPay:ok')
    assert.equal((await merchant.query(no)).trade_state, 'SUCCESS')
    const { notices } = await box.get(`/notices?citizen=${citizen.id}`)
    assert.deepEqual(notices.map((n) => [n.kind, n.fields[0].value]), [['payment', '￥1234.50']])

    await phone.web.locator('#bridge').click()
    await expect(phone.at('dialog')).toContainText('该订单已支付')
    await phone.at('dialog-ok').click()
    await expect(said).toContainText('get_brand_wcpay_request:fail')
    assert.deepEqual(phone.page.wrong, [])
  })
})
