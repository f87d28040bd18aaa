import type { Definition, Summary } from '../../src/features/flow/api.ts'
import { seal } from '../data/flow.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

/** Flows in memory. The mock judges nothing and tries nothing out: the engine is the Go server's. */
export function flow(on: Router, world: World) {
  type Sheet = Summary & { draft: Definition }
  const sheet = (id: number, draft: Definition, live: number): Sheet => ({ id, key: draft.key, title: draft.title, kind: draft.kind, unit: '青云市', live, newest: live, offered: false, unpublished: !live, editable: true, publishable: true, updated_at: Date.now(), edited_by: '李敏', version: 1, draft })
  const sheets = [sheet(1, seal, 1)]
  const one = (id: string | undefined) => {
    const f = sheets.find((x) => x.id === Number(id))
    if (!f) throw new Refusal(404, 'flow.none', '没有这个流程，或者它不在您的权限范围内。')
    return f
  }
  const show = (f: Sheet) => ({ ...f, title: f.draft.title, problems: [], publishing: 'direct' })
  const fresh = (f: Sheet, version: unknown) => {
    if (version !== f.version) throw new Refusal(409, 'db.stale', '')
    return f
  }
  on.on('GET /flows', ({ query }) => page(world.empty ? [] : sheets.map(show), query))
  on.on('POST /flows', ({ body }) => {
    const f = sheet(world.nextId(), { ...structuredClone(seal), key: String(body.key), title: String(body.title) }, 0)
    sheets.push(f)
    return show(f)
  })
  on.on('GET /flows/:id', ({ params }) => show(one(params.id)))
  on.on('PUT /flows/:id/draft', ({ params, body }) => {
    const f = fresh(one(params.id), body.version)
    return show(Object.assign(f, { draft: (body.draft as Definition | undefined) ?? f.draft, version: f.version + 1, unpublished: true, updated_at: Date.now() }))
  })
  on.on('POST /flows/:id/validate', ({ params, body }) => ({ sound: true, problems: [], definition: body.draft ?? one(params.id).draft }))
  on.on('POST /flows/:id/simulate', () => ({ frames: [], problems: [{ path: '', severity: 'error', key: '', message: '试运行要接上真正的服务器：npm run dev。' }] }))
  on.on('POST /flows/:id/publish', ({ params, body }) => {
    const f = fresh(one(params.id), body.version)
    return show(Object.assign(f, { live: f.live + 1, newest: f.live + 1, unpublished: false, version: f.version + 1 }))
  })
  on.on('POST /flows/:id/retire', ({ params, body }) => show(Object.assign(fresh(one(params.id), body.version), { live: 0, version: Number(body.version) + 1 })))
  on.on('GET /flows/:id/versions', ({ params }) => page(one(params.id).live ? [{ number: 1, title: one(params.id).title, state: 'live', origin: 'local', by: '李敏', made_at: Date.now(), settled_by: '', matter_id: 0 }] : [], new URLSearchParams()))
  on.on('GET /flows/:id/diff', ({ params }) => ({ from: one(params.id).live, to: 0, before: one(params.id).draft, after: one(params.id).draft, changes: [{ op: 'changed', noun: 'state', title: '科长审批', what: ['acts'] }] }))
  on.on('GET /flows/:id/yaml', ({ params }) => ({ yaml: JSON.stringify(one(params.id).draft, null, 2) }))
  on.on('GET /flow-words', () => ({ guards: [], effects: [{ name: 'reply.publish', text: '让规则上线' }], permissions: [{ name: 'flow.publish', text: '发布、停用流程' }, { name: 'matter.act', text: '办理事项' }], notices: [{ name: 'flow.notice.to_do', text: '您有一件事要办：{title}' }], forms: [], verbs: [], flows: [] }))
}
