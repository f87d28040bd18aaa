import type { Staff, Unit } from '../../src/features/org/api.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

const roles = [
  ['editor', '编辑', '写应答规则和菜单草稿', ['reply.edit', 'menu.edit']], ['publisher', '发布', '把菜单和内容发给粉丝', ['menu.publish']], ['agent', '客服', '看消息、答群众', ['conversation.read', 'conversation.answer', 'follower.read']],
  ['unit_admin', '单位管理员', '管本单位和下属单位的人', ['staff.read', 'staff.edit', 'unit.read', 'unit.edit']], ['auditor', '安全审计员', '看审计，不能改业务', ['audit.read']], ['technician', '技术员', '接入公众号、看任务', ['account.read', 'account.edit', 'job.read', 'setting.edit']], ['outsourcer', '外包人员', '按需要给，必须有到期日', ['account.read', 'job.read']],
].map(([key, name, text, permissions]) => ({ key, name, text, permissions, duty: '', gives: [], builtin: true, version: 1 }))

export function org(on: Router, world: World) {
  on.on('GET /units', () => ({ items: world.units, next: '' }))
  on.on('POST /units', ({ body }) => {
    const parent = world.units.find((u) => u.id === body.parent_id)
    const id = world.nextId()
    const u = { ...body, id, path: `${parent?.path ?? '/'}${id}/`, level: '', closed: false, staff_count: 0, version: 1 } as unknown as Unit
    world.units.push(u)
    return u
  })
  const unit = (id: string | undefined) => world.units.find((u) => u.id === Number(id)) as Unit
  on.on('PATCH /units/:id', ({ params, body }) => Object.assign(unit(params.id), body))
  on.on('POST /units/:id/move', ({ params, body }) => Object.assign(unit(params.id), { parent_id: body.parent_id, path: `${unit(String(body.parent_id)).path}${params.id}/` }))

  const one = (id: string | undefined) => {
    const s = world.staff.find((x) => x.id === Number(id))
    if (!s) throw new Refusal(404, 'staff.none', '没有这个人，可能已经调走。')
    return s
  }
  on.on('GET /staff', ({ query }) => {
    const path = unit(query.get('unit') ?? '')?.path ?? '/'
    const q = query.get('q') ?? ''
    return page(world.staff.filter((s) => unit(String(s.unit_id)).path.startsWith(path) && (s.name.includes(q) || s.login.includes(q))), query)
  })
  on.on('GET /staff/:id', ({ params }) => one(params.id))
  on.on('POST /staff', ({ body }) => {
    if (world.staff.some((s) => s.login === body.login)) throw new Refusal(422, 'invalid', '', [{ field: 'login', key: 'staff.login_taken', text: '这个登录名已经有人用了' }])
    const s = { ...body, id: world.nextId(), unit_name: unit(String(body.unit_id)).name, state: 'invited', totp: false, seen_at: 0, grants: [], version: 1 } as unknown as Staff
    world.staff.unshift(s)
    return { id: s.id, link: '/console/activate#0kq3v7mZx1c9yTnB5sRw8d', until_at: Date.now() + 72 * 3600_000 }
  })
  on.on('PATCH /staff/:id', ({ params, body }) => Object.assign(one(params.id), body, { unit_name: unit(String(body.unit_id)).name }))
  on.on('POST /staff/:id/disable', ({ params }) => void (one(params.id).state = 'disabled'))
  on.on('POST /staff/:id/enable', ({ params }) => void (one(params.id).state = 'active'))
  on.on('POST /staff/:id/reset', ({ params }) => ({ id: one(params.id).id, link: '/console/activate#9aq3v7mZx1c9yTnB5sRw8d', until_at: Date.now() + 72 * 3600_000 }))
  on.on('PUT /staff/:id/grants', ({ params, body }) => Object.assign(one(params.id), { grants: body.grants }))
  on.on('POST /staff/:id/expel', () => undefined)
  on.on('POST /staff/:id/reveal', () => ({ phone: '13812345678' }))
  on.on('GET /staff/:id/holdings', () => ({ items: [{ name: 'conversation', title: '接待中的会话', count: 3 }], next: '' }))
  on.on('POST /staff/:id/handover', ({ params }) => Object.assign(one(params.id), { state: 'disabled' }))
  on.on('PUT /roles/:key', ({ params, body }) => {
    const r = roles.find((x) => x.key === params.key)
    if (r) Object.assign(r, body)
    else roles.push({ key: params.key, duty: '', builtin: false, ...body } as unknown as (typeof roles)[number])
  })
  on.on('GET /permissions', () => ({ items: [['conversation.read', '查看消息'], ['conversation.answer', '接待和回复消息'], ['reply.read', '查看应答规则'], ['reply.edit', '编辑应答规则'], ['menu.read', '查看菜单'], ['menu.edit', '编辑菜单草稿'], ['menu.publish', '发布菜单'], ['account.read', '查看公众号']].map(([key, text]) => ({ key, text })), next: '' }))
  on.on('GET /roles', () => ({ items: roles, next: '' }))
}
