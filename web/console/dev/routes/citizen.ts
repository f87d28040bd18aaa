import { page, Refusal, type Router } from '../router.ts'
import type { World } from '../world.ts'

export function citizen(on: Router, world: World) {
  const one = (id: string | undefined) => {
    const f = world.followers.find((x) => x.id === Number(id))
    if (!f) throw new Refusal(404, 'follower.none', '')
    return f
  }
  on.on('GET /followers', ({ query }) => {
    const [account, tag, state, q] = ['account', 'tag', 'state', 'q'].map((n) => query.get(n) ?? '')
    const fits = (f: (typeof world.followers)[number]) =>
      (!Number(account) || f.account_id === Number(account)) && (!tag || f.tags.some((t) => t.id === Number(tag))) && f.name.includes(q ?? '') &&
      (!state || { following: f.following, left: !f.following, important: f.important, blacklisted: f.blacklisted }[state])
    return page(world.empty ? [] : world.followers.filter(fits), query)
  })
  on.on('GET /followers/:id', ({ params }) => one(params.id))
  on.on('PATCH /followers/:id', ({ params, body }) => {
    const f = Object.assign(one(params.id), body)
    if (typeof body.blacklisted === 'boolean') f.blacklist_state = 'told'
    if (typeof body.remark === 'string' && body.remark) f.name = body.remark
    return f
  })
  on.on('POST /followers/:id/tags', ({ params, body }) => Object.assign(one(params.id), { tags: world.tags.filter((t) => (body.tag_ids as number[]).includes(t.id)).map((t) => ({ id: t.id, name: t.name })) }))
  on.on('POST /followers/:id/reveal', () => ({ openid: 'oX8aM6dN3kq7PzR1tYc0vB2wLmQs', remark: '' }))
  on.on('GET /tags', ({ query }) => page(world.tags.filter((t) => t.account_id === Number(query.get('account'))), query))
  on.on('POST /tags', ({ body }) => {
    const t = { id: world.nextId(), account_id: Number(body.account_id), name: String(body.name), count: 0, state: 'adding' as const, problem: '', version: 1 }
    world.tags.push(t)
    return t
  })
  on.on('PATCH /tags/:id', ({ params, body }) => Object.assign(world.tags.find((t) => t.id === Number(params.id)) ?? {}, { name: body.name }))
  on.on('POST /tags/:id/followers', ({ params, body }) => {
    const t = world.tags.find((x) => x.id === Number(params.id))
    for (const id of body.follower_ids as number[]) {
      const f = one(String(id))
      f.tags = f.tags.filter((x) => x.id !== t?.id)
      if (body.on && t) f.tags.push({ id: t.id, name: t.name })
    }
    return { changed: (body.follower_ids as number[]).length }
  })
  on.on('POST /followers/:id/separate', ({ params }) => Object.assign(one(params.id), { citizen_id: 0 }))
  on.on('DELETE /tags/:id', ({ params }) => void (world.tags = world.tags.filter((t) => t.id !== Number(params.id))))
  const idle = { state: 'idle' as const, done: 0, total: 0, fresh: 0, gone: 0, started_at: 0, ended_at: 0 }
  on.on('GET /accounts/:id/sync', ({ params }) => {
    const s = world.syncs.get(Number(params.id)) ?? idle
    if (s.state === 'running') {
      s.done = Math.min(s.total, s.done + Math.ceil(s.total / 4))
      if (s.done === s.total) Object.assign(s, { state: 'done', ended_at: Date.now() })
    }
    return s
  })
  on.on('POST /accounts/:id/sync', ({ params }) => {
    const s = { ...idle, state: 'running' as const, total: world.accounts.find((a) => a.id === Number(params.id))?.followers ?? 0, started_at: Date.now() }
    world.syncs.set(Number(params.id), s)
    return s
  })
}
