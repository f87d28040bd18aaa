import type { Rule } from '../../src/features/reply/api.ts'
import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

export function reply(on: Router, world: World) {
  const one = (id: string | undefined) => {
    const r = world.rules.find((x) => x.id === Number(id))
    if (!r) throw new Refusal(404, 'reply.none', '这条规则已经被删除。')
    return r
  }
  const fresh = (r: Rule, version: unknown) => {
    if (Number(version) !== r.version) throw new Refusal(409, 'db.stale', '')
    return r
  }
  on.on('GET /replies', ({ query }) => {
    const [account, trigger, q] = ['account', 'trigger', 'q'].map((n) => query.get(n) ?? '')
    const text = (r: Rule) => r.name + r.words.join(' ') + JSON.stringify(r.answers)
    return page(world.empty ? [] : world.rules.filter((r) => (!Number(account) || r.account_id === Number(account)) && (!trigger || r.trigger === trigger) && text(r).includes(q ?? '')), query)
  })
  on.on('POST /replies', ({ body }) => {
    if (world.rules.some((r) => r.name === body.name)) throw new Refusal(422, 'invalid', '', [{ field: 'name', key: 'reply.name_taken', text: '已经有一条叫这个名字的规则' }])
    const r = { ...body, id: world.nextId(), version: 1, hits: 0, published_at: 1, proposal: null } as unknown as Rule
    world.rules.unshift(r)
    return r
  })
  on.on('POST /replies/try', ({ body }) => {
    const said = String(body.text ?? '')
    const fits = (r: Rule) => r.enabled && r.account_id === body.account_id && (body.trigger ? r.trigger === body.trigger : r.trigger === 'keyword' && r.words.some((w) => (r.match === 'contains' ? said.includes(w) : said === w)))
    const hit = world.rules.find(fits) ?? (body.trigger ? undefined : world.rules.find((r) => r.account_id === body.account_id && r.trigger === 'default'))
    return {
      matched: hit ?? null, answer: hit?.answers ?? [],
      steps: [{ responder: 'duty', took: false, note: '没有人在接待他' }, { responder: 'keyword', took: !!hit && hit.trigger !== 'default', note: hit && hit.trigger !== 'default' ? `说到“${hit.words[0] ?? ''}”` : '没有关键词对得上' }, ...(hit?.trigger === 'default' ? [{ responder: 'default', took: true, note: '' }] : [])],
    }
  })
  on.on('GET /replies/:id/versions', ({ params }) => (one(params.id), { items: [] }))
  on.on('GET /replies/:id', ({ params }) => one(params.id))
  on.on('PUT /replies/:id', ({ params, body }) => {
    const r = fresh(one(params.id), body.version)
    return Object.assign(r, body, { version: r.version + 1 })
  })
  on.on('DELETE /replies/:id', ({ params, query }) => void (fresh(one(params.id), query.get('version')), world.rules = world.rules.filter((r) => r.id !== one(params.id).id)))
  on.on('POST /replies/:id/enable', ({ params, body }) => Object.assign(fresh(one(params.id), body.version), { enabled: true }))
  on.on('POST /replies/:id/disable', ({ params, body }) => Object.assign(fresh(one(params.id), body.version), { enabled: false }))
}
