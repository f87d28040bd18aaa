import type { Button, Version } from '../../src/features/menu/api.ts'
import { Refusal, type Router } from '../router.ts'
import type { MenuState, World } from '../world.ts'

export function menu(on: Router, world: World) {
  const one = (account: string | undefined): MenuState => {
    const id = Number(account)
    const m = world.menus.get(id) ?? { buttons: [], version: 0, published_at: 0, published_version: 0, history: [] }
    world.menus.set(id, m)
    return m
  }
  const show = (m: MenuState) => ({ draft: { buttons: m.buttons }, version: m.version, published_at: m.published_at, published_version: m.published_version, versions: m.history.slice(0, 10) })
  /** WeChat takes its time: sending first, live a moment later. */
  const publish = (account: string | undefined, m: MenuState) => {
    const v: Version = { version: (m.history[0]?.version ?? 0) + 1, buttons: m.buttons, state: 'sending', problem: '', created_by: '李敏', created_at: Date.now() }
    m.history.unshift(v)
    setTimeout(() => {
      m.history.forEach((x) => x.state === 'live' && (x.state = 'past'))
      v.state = 'live'
      Object.assign(m, { published_at: Date.now(), published_version: v.version })
      world.hint('menu', Number(account))
    }, 500)
    return v
  }
  on.on('GET /menus/:account', ({ params }) => show(one(params.account)))
  on.on('PUT /menus/:account', ({ params, body }) => {
    const m = one(params.account)
    if (body.version !== m.version) throw new Refusal(409, 'db.stale', '赵强刚改过这个菜单。请先看最新的内容再改。')
    return show(Object.assign(m, { buttons: (body.draft as { buttons: Button[] }).buttons, version: m.version + 1 }))
  })
  on.on('POST /menus/:account/publish', ({ params }) => publish(params.account, one(params.account)))
  on.on('GET /menus/:account/versions', ({ params }) => ({ items: one(params.account).history, next: '' }))
  on.on('POST /menus/:account/rollback', ({ params, body }) => {
    const m = one(params.account)
    m.buttons = m.history.find((v) => v.version === body.version)?.buttons ?? m.buttons
    m.version++
    return publish(params.account, m)
  })
  on.on('GET /menus/:account/taps', () => ({ items: [{ button: 'hall_address', taps: 2045 }, { button: 'https://wx.qingyun.gov.cn/c/zhengwu/items', taps: 18210 }] }))
  on.on('GET /targets/:account', () => ({
    items: [
      { kind: 'page', id: 'items', title: '事项指南', url: '/c/zhengwu/items' }, { kind: 'page', id: 'places', title: '网点地图', url: '/c/zhengwu/places' }, { kind: 'page', id: 'progress', title: '办件进度', url: '/c/zhengwu/progress' },
      { kind: 'reply', id: '7', title: '菜单：办事大厅地址', key: 'hall_address' },
    ],
  }))
}
