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
      parties: [{ staff_id: 1, name: '李敏', turn: open, watches: false, acted_at: 0 }],
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
  on.on('POST /matters/:id/watch', () => undefined)
  on.on('DELETE /matters/:id/watch', () => undefined)
  on.on('GET /matter-flows', () => ({ items: [{ key: seal.key, title: seal.title, text: seal.text }] }))
  on.on('GET /matter-flows/:flow/form', () => ({ asked: [], must: [], title: '', values: {}, saved_at: 0, files: [] }))
  on.on('GET /colleagues', ({ query }) => ({ items: world.staff.filter((s) => s.name.includes(query.get('q') ?? '')).map((s) => ({ id: s.id, name: s.name, post: s.post, unit: s.unit_name, yours: s.unit_id === 2 })) }))
  on.on('GET /matter-units', () => ({ items: world.units.map((u) => ({ id: u.id, parent_id: u.parent_id, name: u.name })) }))
}
