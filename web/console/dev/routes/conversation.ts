import type { Conversation, Line } from '../../src/features/conversation/api.ts'
import { page, Refusal, type Call, type Router } from '../router.ts'
import type { World } from '../world.ts'

const me = { id: 1, name: '李敏' }

export function conversation(on: Router, world: World) {
  const one = ({ params }: Call): Conversation => {
    const c = world.conversations.find((x) => x.id === Number(params.id))
    if (!c) throw new Refusal(404, 'conversation.none', '')
    return c
  }
  const changed = (c: Conversation) => {
    c.version++
    world.hint('conversation', c.id)
    return c
  }
  const guard = (c: Conversation) => {
    if (c.claimed_by && c.claimed_by.id !== me.id) throw new Refusal(409, 'conversation.claimed', `${c.claimed_by.name} 刚接待了这位群众，您现在不能答。`)
  }
  const say = (c: Conversation, line: Partial<Line>): Line => {
    const all = world.lines.get(c.id) ?? []
    const l: Line = { id: world.nextId() * 1000, from: 'staff', by: me, kind: 'text', text: '', detail: {}, at: Date.now(), state: '', problem: '', ...line }
    all.push(l)
    world.lines.set(c.id, all)
    return l
  }

  on.on('GET /conversations', ({ query }) => {
    const state = query.get('state') ?? 'open'
    const account = Number(query.get('account') ?? 0)
    const fits = (c: Conversation) => ({ open: c.state === 'open', mine: c.claimed_by?.id === me.id, waiting: c.waiting_since_at > 0, closed: c.state === 'closed' }[state])
    const rows = world.conversations.filter((c) => fits(c) && (!account || c.account_id === account) && (!query.get('starred') || c.starred))
    rows.sort((a, b) => (state === 'waiting' ? a.waiting_since_at - b.waiting_since_at : b.last.at - a.last.at))
    return page(world.empty ? [] : rows, query, 20)
  })
  on.on('GET /conversations/:id', one)
  on.on('GET /conversations/:id/messages', (call) => {
    const before = Number(call.query.get('before') || Infinity)
    const rows = (world.lines.get(one(call).id) ?? []).filter((l) => l.id < before)
    return { items: rows.slice(-30).reverse(), next: rows.length > 30 ? String(rows[rows.length - 30]?.id) : '' }
  })
  on.on('GET /conversations/:id/window', (call) => world.windows.get(one(call).id))
  on.on('GET /conversations/:id/cards', (call) => ({
    cards: [
      { name: 'followed', title: '在这里多久了', lines: [{ title: '关注 214 天', note: '扫二维码 · 桂花街道大厅' }] },
      { name: 'matters', title: '他的事', lines: [{ title: '诉求 TS20261103：幸福里违建', note: '桂花街道办理中', at: Date.now() - 17 * 24 * 3600_000, mark: 'warn', url: '/console/citizen?open=' + one(call).follower.id }] },
      { name: 'bookings', title: '预约', lines: [] },
    ],
    actions: [{ name: 'ticket', title: '转成诉求', url: '/console/ticket/new?conversation=' + call.params.id }],
  }))
  on.on('POST /conversations/:id/claim', (call) => {
    const c = one(call)
    if (!call.body.take) guard(c)
    c.claimed_by = me
    return changed(c)
  })
  on.on('POST /conversations/:id/release', (call) => changed(Object.assign(one(call), { claimed_by: null })))
  on.on('POST /conversations/:id/close', (call) => changed(Object.assign(one(call), { state: 'closed', claimed_by: null, waiting_since_at: 0 })))
  on.on('POST /conversations/:id/star', (call) => changed(Object.assign(one(call), { starred: call.body.starred })))
  on.on('POST /conversations/:id/note', (call) => {
    const c = one(call)
    const l = say(c, { from: 'note', text: String(call.body.text) })
    changed(c)
    return l
  })
  on.on('POST /conversations/:id/messages/:line/reveal', (call) => {
    one(call)
    return { value: String(call.body.reference).startsWith('身份证') ? '11010519491231002X' : '13800138000' }
  })
  on.on('POST /conversations/:id/answers', (call) => {
    const c = one(call)
    const key = `${c.id}:${String(call.body.key)}`
    const known = world.keys.get(key)
    if (known) return known
    guard(c)
    const w = world.windows.get(c.id)
    if (!w || w.left === 0) throw new Refusal(429, 'window.used', '微信给的条数已经用完，他再来一条消息就能接着答。')
    w.left--
    const l = say(c, { text: String(call.body.text), state: 'sending' })
    world.keys.set(key, l)
    Object.assign(c, { claimed_by: me, state: 'open', waiting_since_at: 0, last: { text: l.text, at: l.at, kind: 'text', from: 'staff' } })
    changed(c)
    setTimeout(() => {
      l.state = l.text.includes('被拒') ? 'refused' : 'sent'
      if (l.state === 'refused') l.problem = '群众已取消关注（43004）'
      changed(c)
    }, 700)
    return { ...l }
  })
  on.on('GET /outbound', () => ({ items: [{ id: 1, account_id: 1, follower_id: 503, kind: 'text', source: 'conversation:103', state: 'uncertain', word: '不清楚', problem: '发送时服务器断电，微信没有回答', rid: '', created_at: Date.now() - 7200_000 }], next: '' }))
  on.on('POST /outbound/:id/resolve', () => ({}))
  /** Plays a citizen: POST /_say {id, text}. */
  on.on('POST /_say', ({ body }) => {
    const c = world.conversations.find((x) => x.id === Number(body.id))
    if (!c) return undefined
    const l = say(c, { from: 'citizen', by: null, text: String(body.text) })
    Object.assign(c, { state: 'open', waiting_since_at: l.at, last: { text: l.text, at: l.at, kind: 'text', from: 'citizen' } })
    changed(c)
    return undefined
  }, true)
}
