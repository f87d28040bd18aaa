import { describe, expect, it } from 'vitest'
import { blank, earlier, find, formOf, freeName, grow, indent, move, place, prune, type Node } from './draft'
import { changeText } from './words'

const names = (nodes: Node[]) => nodes.map((n) => (n.kind === 'group' ? `${n.name}(${n.fields.map((c) => c.name).join(' ')})` : n.name)).join(' ')
const some = () => grow([
  { name: 'a', kind: 'text', label: '甲' },
  { name: 'g', kind: 'group', label: '组', fields: [{ name: 'b', kind: 'text', label: '乙' }, { name: 'c', kind: 'text', label: '丙' }] },
  { name: 'd', kind: 'heading', label: '丁' },
])
const uid = (nodes: Node[], name: string) => [...nodes, ...nodes.flatMap((n) => n.fields)].find((n) => n.name === name)!.uid

it('sends only what a question of its kind has, and nothing empty', () => {
  const n: Node = { ...blank('text', 'q1'), label: '姓名', required: false, help: '', options: [{ value: 'o1', label: '一' }], show: { terms: [] }, max: 20 }
  expect(prune([n])).toEqual([{ name: 'q1', kind: 'text', label: '姓名', class: 'internal', max: 20 }])
  expect(prune(grow(prune(some())))).toEqual(prune(some()))
  expect(formOf({ title: ' 表 ', lead: ' ', fields: [] }, [])).toEqual({ title: '表', fields: [] })
})

describe('moving by key', () => {
  it.each<[string, string, 1 | -1, string]>([
    ['down past a group', 'a', 1, 'g(b c) a d'],
    ['up past a group', 'd', -1, 'a d g(b c)'],
    ['the first stays', 'a', -1, 'a g(b c) d'],
    ['the last stays', 'd', 1, 'a g(b c) d'],
    ['within a group', 'b', 1, 'a g(c b) d'],
    ['out of a group upwards', 'b', -1, 'a b g(c) d'],
    ['out of a group downwards', 'c', 1, 'a g(b) c d'],
  ])('%s', (_, name, by, expected) => {
    const nodes = some()
    move(nodes, uid(nodes, name), by)
    expect(names(nodes)).toBe(expected)
  })
  it('into the group before it', () => {
    const nodes = some()
    expect(indent(nodes, uid(nodes, 'd'))).toBe(true)
    expect(names(nodes)).toBe('a g(b c d)')
    expect(indent(nodes, uid(nodes, 'a'))).toBe(false)
  })
})

it('offers only earlier questions to a condition', () => {
  const nodes = some()
  const of = (name: string) => earlier(nodes, uid(nodes, name)).map((n) => n.name).join(' ')
  expect([of('a'), of('b'), of('c'), of('d')]).toEqual(['', 'a', 'a b', 'a g'])
})

it('finds free names and the place of a fault', () => {
  const nodes = [...some(), blank('text', 'q1')]
  expect(freeName(nodes)).toBe('q2')
  expect(place(nodes, { field: 'fields.1.fields.0.label', text: '必填' })).toEqual({ uid: uid(nodes, 'b'), member: 'label', text: '必填' })
  expect(place(nodes, { field: 'title', text: '必填' })).toEqual({ uid: 0, member: 'title', text: '必填' })
  expect(find(nodes, -1)).toBeNull()
})

it('tells changes as people would', () => {
  expect([
    { op: 'added', name: 'a', label: '电话' },
    { op: 'changed', name: 'a', label: '手机号', was: '电话', what: ['label', 'required'] },
    { op: 'changed', name: 'a', label: '电话', what: ['options', 'show'] },
    { op: 'form', name: '', label: '表', what: ['lead'] },
    { op: 'moved', name: 'a', label: '电话' },
  ].map(changeText)).toEqual(['新增“电话”', '“电话”改为“手机号”（问法、必填）', '“电话”的选项、显示条件', '表单的一句话说明', '“电话”换了位置'])
})
