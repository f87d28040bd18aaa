import type { Account } from '../../src/features/account/api.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

export function account(on: Router, world: World) {
  const one = (id: string | undefined) => {
    const a = world.accounts.find((x) => x.id === Number(id))
    if (!a) throw new Refusal(404, 'account.none', '')
    return a
  }
  on.on('GET /accounts', ({ query }) => page(world.empty ? [] : world.accounts, query))
  on.on('POST /accounts', ({ body }) => {
    const errors = []
    if (!/^wx/.test(String(body.appid))) errors.push({ field: 'appid', key: 'account.appid', text: 'AppID 以 wx 开头，共 18 位' })
    if (!/^[a-z][a-z0-9-]+$/.test(String(body.slug))) errors.push({ field: 'slug', key: 'account.slug', text: '只能用小写字母、数字和短横线' })
    if (errors.length) throw new Refusal(422, 'invalid', '有几处没有填对，请看标红的地方。', errors)
    const a = { ...body, id: world.nextId(), unit_name: world.units.find((u) => u.id === body.unit_id)?.name ?? '', callback_url: 'https://wx.qingyun.gov.cn/wx/' + String(body.slug), has_secret: !!body.secret, has_key: !!body.encoding_aes_key, followers: 0, enabled: true, version: 1 } as unknown as Account
    world.accounts.push(a)
    return a
  })
  on.on('GET /accounts/:id', ({ params }) => one(params.id))
  on.on('PATCH /accounts/:id', ({ params, body }) => Object.assign(one(params.id), body, { version: one(params.id).version + 1 }))
  on.on('POST /accounts/:id/rotate', ({ params }) => one(params.id))
  on.on('POST /accounts/:id/suspend', ({ params, body }) => Object.assign(one(params.id), { enabled: false, status_reason: body.reason }))
  on.on('POST /accounts/:id/resume', ({ params }) => Object.assign(one(params.id), { enabled: true }))
  on.on('GET /accounts/:id/check', () => ({ at: 0, findings: [] }))
  on.on('GET /accounts/:id/callbacks', () => ({ items: [{ day: '2026-11-20', good: 1284, bad: 2, good_at: Date.now(), bad_at: Date.now(), bad_text: '签名不对' }] }))
  on.on('GET /accounts/:id/proofs', () => ({ items: [{ name: 'MP_verify_abc.txt', content: 'abc', path: '/MP_verify_abc.txt' }] }))
  on.on('POST /accounts/:id/check', async ({ params }) => {
    await new Promise((done) => setTimeout(done, 900))
    const bad = !one(params.id).has_secret
    return {
      at: Date.now(),
      findings: [
        { name: 'token', state: bad ? 'fail' : 'ok', title: bad ? '换不到令牌' : '凭证能换到令牌', detail: bad ? '没有填 AppSecret，微信接口都不能用。' : '', next: bad ? '到公众平台“开发接口管理”重置 AppSecret，再填到这里。' : '' },
        { name: 'callback', state: 'ok', title: '微信的消息能送到', detail: '最近一次 09:28，验签和解密都通过。' },
        { name: 'ip', state: 'warn', title: '出口地址不在微信的白名单里', detail: '现在的出口地址是 203.0.113.8。', next: '到公众平台“IP 白名单”加上它；多出口的单位请把每个都加上。' },
        { name: 'clock', state: 'ok', title: '时钟准', detail: '与微信相差 0.3 秒。' },
        { name: 'menu', state: 'ok', title: '有菜单权限' },
      ],
    }
  })
  /** The same judgement as the server's: verification brings it, the other kind has it, or it is there. */
  function ability(id: string | undefined, serviceOnly: boolean, title: string) {
    const a = one(id)
    if (serviceOnly && a.kind !== 'service') return { able: false, state: 'kind', note: `订阅号没有“${title}”的权限，已认证的服务号才有。` }
    return a.verified ? { able: true, state: 'able' } : { able: false, state: 'verify', note: `公众号没有认证，不能“${title}”。请管理员到公众平台“设置与开发 → 微信认证”办理。` }
  }
  const composed: [name: string, title: string, path: string, limit: number, serviceOnly: boolean][] = [
    ['menu', '自定义菜单', '/cgi-bin/menu/create', 1_000, false], ['custom', '客服消息', '/cgi-bin/message/custom/send', 500_000, false],
    ['template', '模板消息', '/cgi-bin/message/template/send', 100_000, true], ['tag', '粉丝标签', '/cgi-bin/tags/create', 1_000, false],
    ['follower', '粉丝名单', '/cgi-bin/user/get', 500, false], ['qrcode', '带参数的二维码', '/cgi-bin/qrcode/create', 100_000, true],
  ]
  on.on('GET /accounts/:id/capabilities', ({ params }) => ({
    items: composed.map(([, title, path, daily, only]) => {
      const { able, ...how } = ability(params.id, only, title)
      return { name: path, title, has: able, daily, ...how }
    }),
  }))
  on.on('GET /accounts/:id/features', ({ params }) => ({
    items: composed.map(([name, title, path, limit, only]) => ({ name, title, path, limit, used: 2, left: limit - 2, told: false, ...ability(params.id, only, title) })),
  }))
  on.on('POST /accounts/:id/capabilities/recheck', ({ body }) => ({ asked: true, capability: { name: (body as { path: string }).path, title: '', has: true, state: 'able' } }))
  on.on('POST /accounts/:id/quota/clear', () => ({ items: [] }))
  on.on('GET /accounts/:id/quota', () => ({
    items: [
      { failed: 0, name: 'custom', title: '客服消息', used: 1_204, limit: 500_000, resets_at: 0 }, { failed: 0, name: 'token', title: '换令牌', used: 12, limit: 2_000 }, { failed: 0, name: 'menu', title: '改菜单', used: 870, limit: 1_000, resets_at: Date.now() + 8 * 3600_000 }, { failed: 0, name: 'user', title: '查粉丝资料', used: 500, limit: 500 },
    ],
  }))
}
