import { describe, expect, it } from 'vitest'
import type { Feature } from './feature'
import { doorOf, navigation } from './nav'
import { holds } from './session'

const icon = {}
const feature = (name: string, group: Feature['doors'][number]['group'], any: string[], to = '/' + name): Feature => ({
  name,
  routes: [],
  doors: [{ group, title: name, to, any, icon }],
})
const all = [
  feature('home', '', [], '/'),
  feature('conversation', '', ['conversation.read', 'conversation.answer']),
  feature('reply', '应答', ['reply.edit']),
  feature('bench', '应答', ['reply.edit'], '/reply/bench'),
  feature('menu', '', ['menu.edit']),
  feature('audit', '系统', ['audit.read']),
]
const titles = (permissions: string[]) => navigation(all, permissions).map((g) => [g.title, ...g.doors.map((d) => d.title)])

describe('navigation', () => {
  it('shows what everybody may see to somebody without permissions', () => {
    expect(titles([])).toEqual([['', 'home']])
  })
  it('opens a door to whoever holds one of its permissions', () => {
    expect(titles(['conversation.answer'])).toEqual([['', 'home', 'conversation']])
  })
  it('keeps the order of the features and their groups', () => {
    expect(titles(['conversation.read', 'reply.edit', 'menu.edit', 'audit.read'])).toEqual([
      ['', 'home', 'conversation'],
      ['应答', 'reply', 'bench'],
      ['', 'menu'],
      ['系统', 'audit'],
    ])
  })
  it('does not leave an empty group behind', () => {
    expect(titles(['menu.edit'])).toEqual([['', 'home', 'menu']])
  })
})

describe('doorOf', () => {
  const groups = navigation(all, ['reply.edit', 'menu.edit'])
  it.each([
    ['/', '/'],
    ['/reply', '/reply'],
    ['/reply/bench', '/reply/bench'],
    ['/menu/versions', '/menu'],
    ['/replyx', undefined],
  ])('%s stands behind %s', (path, door) => expect(doorOf(groups, path)?.to).toBe(door))
})

describe('holds', () => {
  it('asks for nothing when nothing is named, else for one of them', () => {
    expect(holds([], [])).toBe(true)
    expect(holds(['a'], ['b', 'a'])).toBe(true)
    expect(holds(['a'], ['b'])).toBe(false)
  })
})
