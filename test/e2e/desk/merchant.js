// A merchant's program: signs requests to WeChat Pay and sheets for pages, with nothing but Node's own crypto.
import { createSign, randomUUID } from 'node:crypto'
import { box } from './box.js'
import { house } from './house.js'

const sign = (key, ...lines) => createSign('RSA-SHA256').update(lines.map((l) => l + '\n').join('')).sign(key, 'base64')

/** The merchant of a new account, made with this call. */
export async function newMerchant(account) {
  const { sandbox } = await house()
  const { merchant } = await box.post(`/accounts/${account.id}/merchant`)
  async function call(method, path, body) {
    const [text, at, nonce] = [body ? JSON.stringify(body) : '', String(Math.floor(Date.now() / 1000)), randomUUID().replaceAll('-', '')]
    const answer = await fetch(sandbox + path, {
      method,
      body: text || undefined,
      headers: {
        Accept: 'application/json', 'Content-Type': 'application/json', 'User-Agent': 'e2e',
        Authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${nonce}",timestamp="${at}",serial_no="${merchant.serial}",signature="${sign(merchant.private_key, method, path, at, nonce, text)}"`,
      },
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  return {
    ...merchant,
    /** Orders something and answers its prepay_id. */
    prepay: async (order) => (await call('POST', '/v3/pay/transactions/jsapi', {
      appid: merchant.appid, mchid: merchant.mchid, notify_url: 'http://127.0.0.1:9/notify', ...order,
    })).prepay_id,
    query: (no) => call('GET', `/v3/pay/transactions/out-trade-no/${no}?mchid=${merchant.mchid}`),
    /** What a page gives to the phone. */
    sheet(prepay) {
      const [timeStamp, nonceStr, order] = [String(Math.floor(Date.now() / 1000)), randomUUID().replaceAll('-', ''), 'prepay_id=' + prepay]
      return { appId: merchant.appid, timeStamp, nonceStr, package: order, signType: 'RSA', paySign: sign(merchant.private_key, merchant.appid, timeStamp, nonceStr, order) }
    },
  }
}
