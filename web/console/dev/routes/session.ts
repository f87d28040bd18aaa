import { Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

const all = [
  'conversation.read', 'conversation.answer', 'conversation.reveal', 'reply.read', 'reply.edit', 'menu.read', 'menu.edit', 'menu.publish', 'form.read', 'form.edit', 'form.publish', 'form.reveal', 'account.read', 'account.edit',
  'follower.read', 'follower.edit', 'follower.reveal', 'staff.read', 'staff.edit', 'unit.read', 'unit.edit', 'audit.read', 'audit.verify', 'staff.grant', 'staff.reveal', 'role.edit', 'setting.read', 'setting.edit', 'job.read',
  'flow.read', 'flow.edit', 'flow.publish', 'matter.read', 'matter.act', 'matter.reveal',
]
/** The logins of the mock: limin sees everything, chenjing only the inbox, new must change the password, totp needs a code. */
const permissions: Record<string, string[]> = { chenjing: ['conversation.read', 'conversation.answer', 'follower.read'] }
let mustChange = false
let mustFactor = false
const factor = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DP', totp_uri: 'otpauth://totp/%E4%B8%BA%E6%94%BF:limin?secret=JBSWY3DPEHPK3PXPJBSWY3DP&issuer=%E4%B8%BA%E6%94%BF' }

export function session(on: Router, world: World) {
  on.on('POST /login', ({ body }) => {
    if (body.password === 'wrong') throw new Refusal(401, 'login.refused', '登录名或密码不对。连错 5 次要等 15 分钟。')
    if (body.login === 'totp' && !body.code) return { next: 'totp' }
    if (body.login === 'totp' && body.code === '000000') throw new Refusal(401, 'login.code', '验证码不对，请看手机上最新的 6 位数字。')
    world.session = true
    world.login = String(body.login)
    mustChange = body.login === 'new'
    mustFactor = body.login === 'factor'
    return { next: mustChange ? 'change_password' : mustFactor ? 'set_factor' : 'ok' }
  }, true)
  on.on('POST /logout', () => void (world.session = false), true)
  on.on('GET /session', () => ({
    id: 1, post: '', must_set_factor: mustFactor, totp: world.login === 'totp', name: world.login === 'chenjing' ? '陈静' : '李敏', login: world.login, unit: { id: 2, name: '青云市人民政府办公室', path: '/1/2/' },
    permissions: permissions[world.login] ?? all, must_change: mustChange, demo: true,
  }))
  on.on('POST /password', ({ body }) => {
    if (body.old === 'wrong') throw new Refusal(422, 'invalid', '', [{ field: 'old', key: 'password.wrong', text: '现在的密码不对' }])
    mustChange = false
  })
  on.on('POST /factor', () => factor)
  on.on('PUT /factor', ({ body }) => {
    if (body.code === '000000') throw new Refusal(422, 'invalid', '', [{ field: 'code', key: 'org.code_wrong', text: '验证码不对或已经用过，请等下一个再试。' }])
    mustFactor = false
  })
  on.on('POST /activate/look', ({ body }) => {
    if (body.token === 'used') throw new Refusal(404, 'org.link_dead', '这个链接已经用过或过期了，请找管理员重新要一个。')
    return { login: 'sunli', name: '孙丽' }
  }, true)
  on.on('POST /activate', ({ body }) => (body.token === 'admin' ? { login: 'sunli', ...factor } : { login: 'sunli' }), true)
  const devices = [
    { id: 'a', kind: 'staff', current: true, address: '10.12.3.45', agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/118.0 Edg/118.0', created_at: Date.now() - 3 * 3600_000, seen_at: Date.now() },
    { id: 'b', kind: 'phone', current: false, address: '10.12.9.12', agent: 'Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0', created_at: Date.now() - 80 * 3600_000, seen_at: Date.now() - 40 * 3600_000 },
  ]
  on.on('GET /sessions', () => ({ items: devices, next: '' }))
  on.on('DELETE /sessions/:id', ({ params }) => void devices.splice(devices.findIndex((d) => d.id === params.id), 1))
  let phone = { bound: false, number: '', bound_at: 0, follows: false }
  let choice: unknown = { fresh: true, near: true, late: true, urge: true, news: true, quiet_from: '', quiet_until: '' }
  const parcels = [
    { id: 3, matter_id: 0, count: 4, state: 'sent', word: '已送达（客服消息）', created_at: Date.now() - 3600_000 },
    { id: 2, matter_id: 1, count: 1, state: 'unsent', word: '未送达：对方已不再关注，消息没有发出。', created_at: Date.now() - 30 * 3600_000 },
  ]
  on.on('GET /phone', () => ({ way: { account: '青云政务', codes: true, problem: '' }, phone, choice, quiet: ['21:30', '07:30'] }))
  on.on('POST /phone/offer', () => ({ url: 'http://weixin.qq.com/q/mock', word: '绑定 7K3M9Q', expires_at: Date.now() + 300_000, now_at: Date.now() }))
  on.on('GET /phone/offer', () => ({ state: 'told', expires_at: Date.now() + 300_000 }))
  on.on('DELETE /phone/offer', () => undefined)
  on.on('POST /phone', ({ body }) => {
    if (body.digits === '0000') throw new Refusal(422, 'invalid', '', [{ field: 'digits', key: 'reminder.digits_wrong', text: '数字不对。请看手机上公众号刚发的四位数字。' }])
    phone = { bound: true, number: '4F00A17C', bound_at: Date.now(), follows: true }
  })
  on.on('DELETE /phone', () => void (phone = { ...phone, bound: false }))
  on.on('PUT /phone/choice', ({ body }) => void (choice = body))
  on.on('POST /phone/try', () => parcels[0])
  on.on('GET /phone/parcels', () => ({ items: parcels, next: '' }))
  on.on('GET /staff/:id/phone', () => phone)
  on.on('DELETE /staff/:id/phone', () => void (phone = { ...phone, bound: false }))
  on.on('POST /_trouble', ({ body }) => {
    if (body.expire) world.session = false
    if ('empty' in body) world.empty = Boolean(body.empty)
    world.troubles = (body.troubles as World['troubles']) ?? []
    if (body.login) Object.assign(world, { session: true, login: body.login })
  }, true)
}
