/** The draft in the designer: questions with a key of their own, so that choosing and dragging survive every change. */
import type { Condition, Field, FieldFault, Form, Kind } from './api'
import { asks } from './visible'
import { kindText } from './words'

export interface Node extends Field {
  uid: number
  fields: Node[]
}

let last = 0

export const grow = (fields: Field[]): Node[] => fields.map((f) => ({ ...structuredClone(f), uid: ++last, fields: grow(f.fields ?? []) }))

/** What belongs to every kind, then what each has besides; the rest is not sent. */
const common = ['name', 'kind', 'label', 'help', 'show'] as const
const asked = ['example', 'class', 'required', 'prefill', 'need'] as const
const members: Record<Kind, readonly (keyof Field)[]> = {
  text: [...asked, 'min', 'max', 'rule', 'lines'],
  number: [...asked, 'min', 'max', 'unit', 'decimals'],
  money: [...asked, 'min', 'max'],
  date: [...asked, 'period', 'not_before', 'not_after'],
  choice: [...asked, 'options', 'multiple', 'other', 'min', 'max'],
  place: [...asked, 'root', 'depth'],
  identity: asked,
  credit: asked,
  phone: [...asked, 'mobile'],
  plate: asked,
  file: ['class', 'required', 'need', 'obtainable_by_share', 'purpose', 'trust', 'accept', 'size', 'min', 'max'],
  signature: ['class', 'required', 'need'],
  group: ['required', 'need', 'min', 'max'],
  heading: [],
  note: [],
}

/** The draft as it is sent: nothing empty, nothing that its kind does not have. */
export function prune(nodes: Node[]): Field[] {
  return nodes.map((n) => {
    const out: Record<string, unknown> = {}
    for (const key of [...common, ...members[n.kind]]) {
      const v = n[key]
      if (v === undefined || v === null || v === false || v === '' || (Array.isArray(v) && !v.length)) continue
      if ((key === 'show' || key === 'need') && !(v as Condition).terms.length) continue
      if ((key === 'min' || key === 'max') && n.kind === 'choice' && !n.multiple) continue
      out[key] = structuredClone(toPlain(v))
    }
    if (n.kind === 'group') out.fields = prune(n.fields)
    return { ...out, label: n.label, name: n.name, kind: n.kind } as Field
  })
}

const toPlain = (v: unknown): unknown => JSON.parse(JSON.stringify(v))

export const flat = (nodes: Node[]): Node[] => nodes.flatMap((n) => [n, ...n.fields])

/** A name nobody has yet: q1, q2, … */
export function freeName(nodes: Node[], taken: string[] = []): string {
  const names = new Set([...flat(nodes).map((n) => n.name), ...taken])
  for (let i = 1; ; i++) if (!names.has(`q${i}`)) return `q${i}`
}

/** A question as it begins, with what its kind needs and what is usually wanted. */
export function blank(kind: Kind, name: string): Node {
  const n: Node = { uid: ++last, name, kind, label: kind === 'note' ? '请先看清楚要带的材料' : kindText[kind], fields: [] }
  if (kind !== 'heading' && kind !== 'note' && kind !== 'group') n.class = ['identity', 'file'].includes(kind) ? 'sensitive' : ['phone', 'plate', 'signature'].includes(kind) ? 'personal' : 'internal'
  if (kind === 'choice') n.options = [{ value: 'o1', label: '选项一' }, { value: 'o2', label: '选项二' }]
  if (kind === 'place') n.depth = 5
  if (kind === 'file') Object.assign(n, { trust: 'C', purpose: '' })
  return n
}

export function freeOption(options: { value: string }[]): string {
  for (let i = 1; ; i++) if (!options.some((o) => o.value === `o${i}`)) return `o${i}`
}

export interface Place {
  list: Node[]
  index: number
  /** The group it stands in. */
  group?: Node
}

export function find(nodes: Node[], uid: number): Place | null {
  for (const [index, n] of nodes.entries()) {
    if (n.uid === uid) return { list: nodes, index }
    const inner = n.fields.findIndex((c) => c.uid === uid)
    if (inner >= 0) return { list: n.fields, index: inner, group: n }
  }
  return null
}

/** Moves a question one place up or down; at the end of a group it leaves it, before and after a group it goes past. */
export function move(nodes: Node[], uid: number, by: 1 | -1): boolean {
  const at = find(nodes, uid)
  const node = at?.list[at.index]
  if (!at || !node) return false
  const to = at.index + by
  if (to >= 0 && to < at.list.length) {
    at.list.splice(at.index, 1)
    at.list.splice(to, 0, node)
    return true
  }
  if (!at.group) return false
  at.list.splice(at.index, 1)
  nodes.splice(nodes.indexOf(at.group) + (by > 0 ? 1 : 0), 0, node)
  return true
}

/** Puts a question into the group that stands directly before it. */
export function indent(nodes: Node[], uid: number): boolean {
  const at = find(nodes, uid)
  const before = at && !at.group ? nodes[at.index - 1] : undefined
  const node = at?.list[at.index]
  if (!node || before?.kind !== 'group' || !fitsGroup(node.kind)) return false
  nodes.splice(at.index, 1)
  before.fields.push(node)
  return true
}

export const fitsGroup = (kind: Kind) => kind !== 'group' && kind !== 'signature'

/** The questions that a condition of this one may ask about: those before it, and before its group. */
export function earlier(nodes: Node[], uid: number): Node[] {
  const at = find(nodes, uid)
  if (!at) return []
  const outside = at.group ? nodes.slice(0, nodes.indexOf(at.group)) : []
  return [...outside, ...at.list.slice(0, at.index)].filter(asks)
}

/** Where a fault of the server belongs: "fields.2.fields.0.label" → the node and "label". */
export function place(nodes: Node[], fault: FieldFault): { uid: number; member: string; text: string } {
  let list = nodes
  let uid = 0
  const steps = fault.field.split('.')
  while (steps[0] === 'fields' && steps.length > 1 && list[Number(steps[1])]) {
    const node = list[Number(steps[1])]!
    uid = node.uid
    list = node.fields
    steps.splice(0, 2)
  }
  return { uid, member: steps.join('.'), text: fault.text }
}

export const formOf = (head: Form, nodes: Node[]): Form => {
  const out: Form = { title: head.title.trim(), fields: prune(nodes) }
  for (const key of ['lead', 'submit', 'promise'] as const) if (head[key]?.trim()) out[key] = head[key]?.trim()
  return out
}
