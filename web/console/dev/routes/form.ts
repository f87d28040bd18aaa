import type { Area, Change, Edition, Form, Sheet } from '../../src/features/form/api.ts'
import { Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

interface Kept extends Omit<Sheet, 'questions' | 'unpublished' | 'address' | 'title' | 'unit'> {
  history: Edition[]
}

const welcome: Form = {
  title: '高龄津贴申请',
  lead: '年满 80 周岁的本市户籍老人，每月可以领高龄津贴。',
  submit: '提交申请',
  promise: '5 个工作日内由社区答复您',
  fields: [
    { name: 'who', kind: 'choice', label: '您为谁申请', required: true, options: [{ value: 'self', label: '为我自己' }, { value: 'kin', label: '为家里老人' }] },
    { name: 'name', kind: 'text', label: '老人姓名', rule: 'name', required: true, class: 'personal' },
    { name: 'agent', kind: 'text', label: '代办人姓名', required: true, class: 'personal', show: { terms: [{ field: 'who', op: 'is', value: 'kin' }] } },
    { name: 'kin', kind: 'group', label: '同住的家人', max: 4, fields: [{ name: 'kin_name', kind: 'text', label: '姓名', required: true, class: 'personal' }] },
    { name: 'photo', kind: 'file', label: '近期生活照', purpose: '办理高龄津贴', trust: 'D', class: 'sensitive' },
  ],
}

const escape = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

/** Forms in memory. What the server judges and draws is only hinted at: faults of empty wordings, and a bare phone. */
export function form(on: Router, world: World) {
  const kept = new Map<number, Kept>()
  const add = (key: string, draft: Form, live: number): Kept => {
    const id = world.nextId()
    const k: Kept = { id, key, unit_id: 1, account_id: world.accounts[0]?.id ?? 0, live, updated_at: Date.now(), version: 1, draft, history: [], uses: [] }
    if (live) k.history.push({ form: { ...draft, version: 1 }, state: 'live', published_by: 1, published_at: Date.now() })
    kept.set(id, k)
    return k
  }
  add('elder-allowance', welcome, 1)
  const one = (id: string | undefined): Kept => {
    const k = kept.get(Number(id))
    if (!k) throw new Refusal(404, 'form.none', '没有这张表单，可能已经停用。')
    return k
  }
  const changes = (k: Kept, draft: Form): Change[] => {
    const was = k.history[0]?.form.fields ?? []
    const names = new Set(was.map((f) => f.name))
    return draft.fields.filter((f) => !names.has(f.name)).map((f) => ({ op: 'added', name: f.name, label: f.label }))
  }
  const show = (k: Kept): Sheet => ({
    ...k, title: k.draft.title, unit: world.units[0]?.name ?? '', questions: k.draft.fields.length, uses: [], unpublished: changes(k, k.draft).length > 0 || !k.live,
    address: k.account_id ? `/c/zhengwu/form/${k.key}` : '',
  })
  on.on('GET /forms', () => ({ items: world.empty ? [] : [...kept.values()].map(show), next: '' }))
  on.on('POST /forms', ({ body }) => show(add(String(body.key), body.draft as Form, 0)))
  on.on('GET /forms/:id', ({ params }) => show(one(params.id)))
  on.on('PUT /forms/:id', ({ params, body }) => {
    const k = one(params.id)
    if (body.version !== k.version) throw new Refusal(409, 'db.stale', '赵强刚改过这张表单。请先看最新的内容再改。')
    return show(Object.assign(k, { draft: body.draft as Form, account_id: Number(body.account_id), version: k.version + 1, updated_at: Date.now() }))
  })
  on.on('DELETE /forms/:id', ({ params }) => void kept.delete(one(params.id).id))
  on.on('POST /forms/:id/publish', ({ params }) => {
    const k = one(params.id)
    for (const e of k.history) e.state = 'retired'
    k.live = k.history.length + 1
    k.history.unshift({ form: { ...k.draft, version: k.live }, state: 'live', published_by: 1, published_at: Date.now() })
    k.version++
    return show(k)
  })
  on.on('POST /forms/:id/retire', ({ params }) => show(Object.assign(one(params.id), { live: 0, version: one(params.id).version + 1 })))
  on.on('POST /forms/:id/judge', ({ params, body }) => {
    const draft = body.draft as Form
    return {
      faults: draft.fields.flatMap((f, i) => (f.label ? [] : [{ field: `fields.${i}.label`, text: '必填' }])),
      changes: changes(one(params.id), draft),
    }
  })
  on.on('POST /forms/:id/check', ({ body }) => ({ values: body.values }))
  on.on('POST /forms/:id/preview', ({ body, response }) => {
    const draft = body.draft as Form
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><h1>${escape(draft.title)}</h1>${draft.fields.map((f) => `<p data-q="${escape(f.name)}">${escape(f.label)}</p>`).join('')}`)
  })
  on.on('GET /forms/:id/versions', ({ params }) => ({ items: one(params.id).history }))
  on.on('GET /forms/:id/usage', ({ params }) => ({ submissions: one(params.id).live ? 3 : 0, drafts: 1, uses: [], free: !one(params.id).live }))
  on.on('GET /forms/:id/submissions', () => ({ items: [], next: '' }))
  on.on('GET /form-sources', () => ({ items: [{ name: 'today', text: '今天的日期' }, { name: 'earlier', text: '本人上次填写的同名内容' }] }))
  const city: Area = { code: '990100000000', parent: '', name: '青云市', level: 2 }
  on.on('GET /areas', ({ query }) => ({ items: query.get('of') ? [] : [city], way: query.get('of') === city.code ? [city] : [] }))
  on.on('POST /areas/import', ({ body }) => ({ lines: (body.lines as unknown[]).length }))
}
