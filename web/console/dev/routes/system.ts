import type { Setting } from '../../src/features/setting/api.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

const verbs: [string, string, string, string][] = [
  ['conversation.answer', '答复群众', 'conversation:104', '会话 104'], ['menu.publish', '发布菜单', 'menu:1', '青云政务的菜单'], ['reply.change', '修改规则', 'reply:3', '社保卡补办'], ['staff.grant', '改岗位', 'staff:7', '孙丽'],
  ['follower.reveal', '查看微信标识', 'follower:512', '粉丝 512'], ['session.login', '登录', 'staff:1', '李敏'], ['denied', '被拒绝的操作', 'route:PUT /settings', '修改设置'],
]

const stock = { from: '' as const, own: false, editable: true, version: 0, changed_by: '', changed_at: 0 }
const settings: Setting[] = [
  { ...stock, from: 'installation', own: true, version: 2, name: 'conversation.answer_within', type: 'duration', unit: '', default: '24h0m0s', value: '4h0m0s', text: '群众的话最迟多久要有人答，超过就算晚', source: '国办发〔2018〕123 号：政务新媒体应及时回应', scope: 'account', min: 0, max: 0, changed_by: '李敏', changed_at: Date.now() - 9 * 24 * 3600_000 },
  { ...stock, name: 'conversation.claim_warm', type: 'duration', unit: '', default: '30m0s', value: '30m0s', text: '接待后多久不说话就让自动应答接回去', source: '', scope: 'installation', min: 0, max: 0 },
  { ...stock, name: 'reply.fallback', type: 'text', unit: '', default: '您的问题我们收到了。', value: '您的问题我们收到了，工作时间会有人回复您。急事请拨 12345。', text: '自动应答出错时对群众说的话', source: '', scope: 'account', min: 0, max: 0 },
  { ...stock, name: 'citizen.keep_after_leaving', type: 'int', unit: '天', default: '15', value: '15', text: '取消关注后多少天清除个人信息', source: '个人信息保护法第四十七条', scope: 'installation', min: 0, max: 365 },
  { ...stock, name: 'web.idle', type: 'duration', unit: '', default: '2h0m0s', value: '2h0m0s', text: '多久不操作就要重新登录', source: '等保 2.0 三级', scope: 'installation', min: 0, max: 0 },
  { ...stock, name: 'org.totp_required', type: 'bool', unit: '', default: 'true', value: 'true', text: '管理员登录必须用动态验证码', source: '等保 2.0 三级：双因素', scope: 'installation', min: 0, max: 0 },
]

export function system(on: Router, world: World) {
  on.on('GET /counts', () => ({ conversation: world.empty ? 0 : world.conversations.filter((c) => c.waiting_since_at).length }))
  on.on('GET /clock', () => ({ now_at: Date.now() }))
  on.on('GET /health', () => ({
    findings: world.empty ? [{ name: 'db', state: 'ok', title: '数据库正常' }] : [
      { name: 'db', state: 'ok', title: '数据库正常' }, { name: 'jobs', state: 'ok', title: '后台任务跟得上' },
      { name: 'account:4', state: 'fail', title: '“青云交警”换不到令牌', detail: 'AppSecret 没有填，微信接口都不能用。', next: '到公众号里补上凭证，再做一次自检。' },
      { name: 'late', state: 'warn', title: '3 位群众等了一天以上', detail: '最久的等了 1 天 4 小时。', next: '先答他们，或请单位负责人协调。' },
    ],
  }))
  on.on('GET /today', () => ({ received: 1_284, automatic: 870, by_person: 301, unanswered: 22, answered_in_time: 280, answered_late: 21, followed: 166, left: 12 }))
  on.on('GET /search', ({ query }) => {
    const q = query.get('q') ?? ''
    const groups = [
      { name: 'reply', title: '应答规则', items: world.rules.filter((r) => (r.name + r.words.join()).includes(q)).map((r) => ({ title: r.name, note: r.words.join('、'), url: `/console/reply?open=${r.id}` })) },
      { name: 'follower', title: '粉丝', items: world.followers.filter((f) => f.name.includes(q)).map((f) => ({ title: f.name, note: f.account_name, url: `/console/citizen?open=${f.id}` })) },
      { name: 'staff', title: '人员', items: world.staff.filter((s) => s.name.includes(q)).map((s) => ({ title: s.name, note: s.unit_name, url: `/console/org?open=${s.id}` })) },
    ]
    return { groups: groups.filter((g) => g.items.length).map((g) => ({ ...g, items: g.items.slice(0, 6) })) }
  })
  on.on('GET /hints', ({ request, response }) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    response.write('event: ready\ndata: {}\n\n')
    world.streams.add(response)
    request.on('close', () => world.streams.delete(response))
  })
  on.on('GET /audit', ({ query }) => {
    const rows = Array.from({ length: 160 }, (_, i) => {
      const [verb, verb_text, object, object_text] = verbs[i % verbs.length]!
      return { id: 9000 - i, at: Date.now() - i * 47 * 60_000, actor: ['李敏', '赵强', '陈静', '系统'][i % 4]!, actor_id: 1, verb, verb_text, object, object_text, unit_name: world.units[i % 8]!.name, detail: verb === 'reply.change' ? { words: { from: ['社保卡'], to: ['社保卡', '补卡'] } } : null, outcome: verb === 'denied' ? 'denied' : 'done', request_id: `r${i}`, address: '10.12.3.45', sealed: i > 2 }
    })
    const fits = (name: 'actor' | 'verb' | 'object') => (r: (typeof rows)[number]) => !query.get(name) || r[name].includes(query.get(name) ?? '')
    return page(rows.filter(fits('actor')).filter(fits('verb')).filter(fits('object')), query)
  })
  on.on('POST /audit/verify', () => ({ ok: true, first_bad: 0, rows: 18_204, unsealed: 3, faults: [], more: false }))
  on.on('GET /settings', ({ query }) => page(settings.map((s) => (query.get('account') ? { ...s, editable: s.scope === 'account', own: false } : s)), query, 500))
  on.on('PUT /settings/:name', ({ params, body }) => {
    const s = settings.find((x) => x.name === params.name)
    if (!s) throw new Refusal(404, 'setting.none', '')
    return Object.assign(s, { value: body.value, own: true, from: 'installation', version: s.version + 1, changed_by: '李敏', changed_at: Date.now() })
  })
  on.on('DELETE /settings/:name', ({ params }) => {
    const s = settings.find((x) => x.name === params.name)
    return s && Object.assign(s, { value: s.default, own: false, from: '', version: 0 })
  })
  on.on('GET /jobs', () => ({
    items: [
      { name: 'interactive', title: '马上要办的（发送、发布）', waiting: 2, running: 1, retrying: 0, failed: 0, oldest_at: Date.now() - 400 },
      { name: 'standard', title: '一般的（核对、登记）', waiting: 41, running: 4, retrying: 3, failed: 0, oldest_at: Date.now() - 9 * 60_000 }, { name: 'bulk', title: '大批的（同步粉丝）', waiting: 0, running: 0, retrying: 0, failed: 2, oldest_at: 0 },
    ],
    next: '',
  }))
}
