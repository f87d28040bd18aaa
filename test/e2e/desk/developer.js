// A developer with an account of their own in the sandbox, who calls WeChat's API and serves web pages with the JS-SDK.
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { box } from './box.js'
import { house } from './house.js'

/** A new account, ended with the test: `api(path, body)` calls WeChat's API as its program, `pages` are served to phones. */
export async function newAccount(t, name, { kind = 'service', verified = true } = {}) {
  const { sandbox } = await house()
  const pages = new Map()
  const server = createServer(async (req, res) => {
    const html = pages.get(new URL(req.url, 'http://x').pathname)
    res.writeHead(html ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' })
    res.end(html ? await html(req) : 'nothing here')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => new Promise((closed) => { server.closeAllConnections(); server.close(closed) }))
  const origin = `http://127.0.0.1:${server.address().port}`
  const id = 'e2e-' + randomUUID().slice(0, 8)
  const { account } = await box.post('/accounts', { id, name, kind, verified, mode: 'plain', intro: '测试用的公众号', js_domains: [origin.slice(7)], oauth_domain: origin.slice(7) })

  const ask = async (path, body) => {
    const answer = await fetch(sandbox + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    const text = await answer.text()
    const out = JSON.parse(text)
    if (out.errcode) throw Object.assign(new Error(`${path}: ${text}`), { code: out.errcode })
    return out
  }
  const newToken = () => ask(`/cgi-bin/token?grant_type=client_credential&appid=${account.appid}&secret=${account.secret}`)
  const { access_token: token } = await newToken()
  const api = (path, body) => ask(`${path}${path.includes('?') ? '&' : '?'}access_token=${token}`, body)

  /** wx.config for the page at a path, signed as WeChat wants it. */
  async function config(path, more) {
    const { ticket } = await api('/cgi-bin/ticket/getticket?type=jsapi')
    const [nonceStr, timestamp] = ['e2e', 1_700_000_000]
    const signature = createHash('sha1').update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${origin}${path}`).digest('hex')
    return JSON.stringify({ appId: account.appid, timestamp, nonceStr, signature, ...more })
  }

  /** Sends a file as WeChat wants it, in a form. */
  async function upload(path, name, bytes) {
    const form = new FormData()
    form.append('media', new Blob([bytes], { type: 'image/png' }), name)
    const answer = await fetch(`${sandbox}${path}${path.includes('?') ? '&' : '?'}access_token=${token}`, { method: 'POST', body: form })
    const out = await answer.json()
    if (out.errcode) throw new Error(`${path}: ${JSON.stringify(out)}`)
    return out
  }

  return {
    ...account,
    api,
    newToken,
    /** A picture for articles: the account's code, which is a PNG. */
    async picture() {
      const bytes = await fetch(sandbox + account.qr).then((r) => r.arrayBuffer())
      return { media_id: (await upload('/cgi-bin/material/add_material?type=image', 'cover.png', bytes)).media_id, url: (await upload('/cgi-bin/media/uploadimg', 'body.png', bytes)).url }
    },
    openid: (citizen) => box.get(`/citizens/${citizen.id}`).then((r) => r.citizen.openids[id]),
    /** Serves a page whose script runs after wx.config; answers its address. */
    async page(path, { title, body, script = '', jsApiList = [], openTagList = [] }) {
      pages.set(path, async () => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>body{font:17px/1.6 sans-serif;margin:16px}button{font:inherit;min-height:44px;padding:0 20px}</style>
<script src="https://res.wx.qq.com/open/js/jweixin-1.6.0.js"></script></head><body>${body}<p id="said"></p>
<script>const say = (x) => { document.getElementById('said').textContent = typeof x === 'string' ? x : JSON.stringify(x) }
wx.config(${await config(path, { jsApiList, openTagList })}); wx.error((e) => say(e)); ${script}</script></body></html>`)
      return origin + path
    },
  }
}
