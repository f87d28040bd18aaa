import type { Button } from '../../src/features/menu/api.ts'
import { Refusal, type Router } from '../router.ts'
import type { MenuState, World } from '../world.ts'

export function menu(on: Router, world: World) {
  const one = (account: string | undefined): MenuState => {
    const id = Number(account)
    const m = world.menus.get(id) ?? { buttons: [], version: 0, published_at: 0, published_version: 0, history: [] }
    world.menus.set(id, m)
    return m
  }
  const show = (m: MenuState) => ({ draft: { buttons: m.buttons }, version: m.version, published_at: m.published_at, published_version: m.published_version, published: m.published, versions: m.history.length })
  const publish = (m: MenuState) => {
    Object.assign(m, { published_at: Date.now(), published_version: m.version, published: { buttons: m.buttons } })
    m.history = [{ version: m.version, buttons: m.buttons, published_at: Date.now(), published_by: '李敏', current: true }, ...m.history.map((v) => ({ ...v, current: false }))]
    return show(m)
  }
  on.on('GET /menus/:account', ({ params }) => show(one(params.account)))
  on.on('PUT /menus/:account', ({ params, body }) => {
    const m = one(params.account)
    if (body.version !== m.version) throw new Refusal(409, 'db.stale', '赵强刚改过这个菜单。请先看最新的内容再改。')
    return show(Object.assign(m, { buttons: body.buttons as Button[], version: m.version + 1 }))
  })
  on.on('POST /menus/:account/publish', ({ params }) => publish(one(params.account)))
  on.on('GET /menus/:account/versions', ({ params }) => ({ items: one(params.account).history, next: '' }))
  on.on('POST /menus/:account/rollback', ({ params, body }) => {
    const m = one(params.account)
    m.buttons = m.history.find((v) => v.version === body.version)?.buttons ?? m.buttons
    m.version++
    return publish(m)
  })
  on.on('GET /targets', () => ({
    items: [
      { kind: 'page', id: 'items', title: '事项指南', url: '/c/zhengwu/items' }, { kind: 'page', id: 'places', title: '网点地图', url: '/c/zhengwu/places' }, { kind: 'page', id: 'progress', title: '办件进度', url: '/c/zhengwu/progress' },
      { kind: 'reply', id: '7', title: '菜单：办事大厅地址', key: 'hall_address' },
    ],
    next: '',
  }))
}
