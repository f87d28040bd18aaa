import type { Matter } from '../../src/features/matter/api.ts'
import { seal } from '../data/flow.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

const hour = 3600_000

/** Some matters at different lights; acting on one ends it. */
export function matter(on: Router, world: World) {
  const make = (i: number): Matter => ({
    id: 100 + i, number: `20261120010${String(i).padStart(4, '0')}`, kind: 'seal', kind_title: seal.title, state: 'check', state_title: '科长审批', held: i % 4 === 3 ? 'pool' : 'kept', light: ['green', 'yellow', 'red'][i % 3]!,
    title: ['采购合同用章', '介绍信用章', '会议通知用章'][i % 3]!, sealed: false, unit_id: 2, unit: '青云市人民政府办公室', assignee_id: i % 4 === 3 ? 0 : 1, assignee: i % 4 === 3 ? '' : '李敏',
    subject_kind: '', subject_id: 0, opened_at: Date.now() - (i + 1) * 9 * hour, due_at: Date.now() + [60, 5, -20][i % 3]! * hour, closed_at: 0, outcome_title: '', version: 2,
  })
  const all = Array.from({ length: 9 }, (_, i) => make(i))
  const one = (id: string | undefined) => {
    const m = all.find((x) => x.id === Number(id))
    if (!m) throw new Refusal(404, 'matter.none', '没有这件事项，或者您看不到它。')
    return m
  }
  const mine = (scope: string | null) => all.filter((m) => (scope === 'done' ? m.held === 'over' : m.held === 'kept'))
  on.on('GET /tasks', ({ query }) => page(world.empty ? [] : mine(query.get('scope')).filter((m) => !query.get('light') || m.light === query.get('light')), query))
  on.on('GET /tasks/counts', () => ({ mine: mine('mine').length, near: 2, late: 2, pool: all.filter((m) => m.held === 'pool').length, unread: 0 }))
  on.on('GET /matters', ({ query }) => page(world.empty ? [] : all.filter((m) => m.held === (query.get('held') ?? m.held)), query))
  on.on('GET /matters/:id', ({ params }) => {
    const m = one(params.id)
    const late = m.due_at < Date.now()
    const open = m.held !== 'over'
    return {
      matter: m, code: 'AB3K9', run: { version: m.version, state: m.state, steps: [{ state: m.state }] }, flow: seal, values: {}, edits: [], fields: { form_id: 0, form: { title: '', fields: [] }, masked: [], erased: [], shown: {}, files: [], places: [] }, behalf: [], watched: false,
      clocks: [{ clock: 'all', title: '办理时限', basis: 'promised', source: '', state: open ? 'running' : 'stopped', light: m.light, started_at: m.opened_at, yellow_at: m.due_at - 24 * hour, due_at: m.due_at, day: '', stopped_at: m.closed_at, provisional: false, unit: 'day', total: 3, elapsed: late ? 4 : 1.5, left: late ? -1 : 1.5, extended: 0, branch: 0, pauses: [] }],
      around: { branches: [], mode: '', signers: [], held_by: '', children: [] }, parties: [{ staff_id: 1, name: '李敏', turn: open, watches: false, acted_at: 0 }],
      options: open ? [{ action: 'pass', title: '同意', does: 'go', verdict: 'approve', to: ['done'] }, { action: 'refuse', title: '不同意', does: 'go', verdict: 'refuse', to: ['refused'], asks: ['reason'] }, { action: 'note', title: '批注', does: 'note' }] : [],
    }
  })
  on.on('GET /matters/:id/history', ({ params }) => ({ items: [{ id: 1, at: one(params.id).opened_at, written_at: 0, by: '赵强', for: '', action: '提交', reason: '合同已经过法务', evidence: [], files: [], lost: 0, changes: [], lines: ['从“登记”到“科长审批”'] }] }))
  on.on('POST /matters/:id/actions/:action', ({ params, body }) => {
    const m = one(params.id)
    if (body.version !== m.version) throw new Refusal(409, 'matter.changed', '这件事项刚刚变了，您的操作没有生效。请看一下最新的情况再决定。')
    if (params.action !== 'note') Object.assign(m, { held: 'over', state_title: params.action === 'pass' ? '可以用章' : '没有同意', closed_at: Date.now(), outcome_title: params.action === 'pass' ? '准予' : '不予' })
    m.version++
    world.hint('matter', m.id)
    return { matter: m.id, version: m.version, event: 1, again: false }
  })
  on.on('GET /matters/:id/explanation', ({ params }) => ({ steps: ['周五 10:00 起算，当天不计', '下周一至周三，计到第 3 个工作日', '下周三 24:00 到期'], kept: false, due_at: one(params.id).due_at }))
  on.on('GET /tasks/choices', () => ({ kinds: [{ kind: 'seal', title: seal.title, states: [{ name: 'check', title: '科长审批' }] }], assignees: [{ id: 1, name: '李敏' }] }))
  const notices = all.slice(0, 4).map((m, i) => ({ id: 40 - i, matter_id: m.id, title: ['有用章待审', '快到期了', '超时了', '催办'][i], about: m.title, number: m.number, kind: ['to_review', 'yellow', 'red', 'urged'][i], at: Date.now() - i * hour, read_at: i > 2 ? 1 : 0 }))
  on.on('GET /notices', ({ query }) => page(world.empty ? [] : notices, query))
  on.on('POST /notices/read', () => notices.forEach((n) => (n.read_at = Date.now())) as undefined)
  let deputies = [{ id: 1, staff_id: 5, staff: '赵强', deputy_id: 1, deputy: '李敏', from_at: Date.now() - hour, until_at: Date.now() + 60 * hour, mine: false, now: true, waiting: 2 }]
  on.on('GET /deputies', () => ({ items: world.empty ? [] : deputies }))
  on.on('POST /deputies', ({ body }) => {
    const d = { id: Date.now(), staff_id: 1, staff: '李敏', deputy_id: Number(body.deputy_id), deputy: world.staff.find((s) => s.id === body.deputy_id)?.name ?? '', from_at: Number(body.from_at), until_at: Number(body.until_at), mine: true, now: Number(body.from_at) <= Date.now(), waiting: 0 }
    deputies.push(d)
    return d
  })
  on.on('DELETE /deputies/:id', ({ params }) => void (deputies = deputies.filter((d) => d.id !== Number(params.id))))
  const rule = { kind: 'working', amount: 3, unit: 'day' }
  const impact = () => ({ total: 9, seen: 9, moved: 2, sample: all.slice(0, 2).map((m) => ({ matter_id: m.id, number: m.number, title: m.title, unit: m.unit, clock: '办理时限', from_at: m.due_at, to_at: m.due_at + 48 * hour })) })
  const changes = [{ id: 1, change: { flow: 'seal', clock: 'all', rule: { ...rule, amount: 5 } }, title: `${seal.title}：办理时限`, why: '市政府令 2026-7', by: '赵强', own: false, asked_at: Date.now() - hour, state: 'asked', approver: '', approved_at: 0, total: 0, seen: 0, moved: 0, finished_at: 0 }]
  on.on('GET /recomputes', () => ({ items: world.empty ? [] : changes }))
  on.on('GET /recomputes/clocks', () => ({ items: [{ flow: 'seal', title: seal.title, clock: 'all', name: '办理时限', basis: 'promised', rule }] }))
  on.on('POST /recomputes/preview', impact)
  on.on('GET /recomputes/:id/effect', impact)
  on.on('POST /recomputes', ({ body }) => ({ id: changes.unshift({ ...changes[0]!, id: Date.now(), why: String(body.why), by: '李敏', own: true }) }))
  on.on('POST /recomputes/:id/approve', ({ params }) => void Object.assign(changes.find((c) => c.id === Number(params.id)) ?? {}, { state: 'done', approver: '李敏', approved_at: Date.now(), total: 9, seen: 9, moved: 2, finished_at: Date.now() }))
  on.on('POST /recomputes/:id/drop', ({ params }) => void Object.assign(changes.find((c) => c.id === Number(params.id)) ?? {}, { state: 'dropped', approver: '李敏', approved_at: Date.now() }))
  on.on('POST /matters/:id/watch', () => undefined)
  on.on('DELETE /matters/:id/watch', () => undefined)
  on.on('GET /matter-flows', () => ({ items: [{ key: seal.key, title: seal.title, text: seal.text }] }))
  on.on('GET /matter-flows/:flow/form', () => ({ asked: [], must: [], title: '', values: {}, saved_at: 0, files: [] }))
  on.on('GET /colleagues', ({ query }) => ({ items: world.staff.filter((s) => s.name.includes(query.get('q') ?? '')).map((s) => ({ id: s.id, name: s.name, post: s.post, unit: s.unit_name, yours: s.unit_id === 2 })) }))
  on.on('GET /matter-units', () => ({ items: world.units.map((u) => ({ id: u.id, parent_id: u.parent_id, name: u.name })) }))
}
