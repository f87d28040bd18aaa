// Two hands on one draft: what each of them changed since the text that both began with, and the two put together.
import type { Change, Definition } from './api'

const lists = { role: 'roles', state: 'states', action: 'actions', clock: 'clocks', notice: 'notices' } as const
type Noun = keyof typeof lists
interface Named {
  name: string
  title: string
}
const listOf = (d: Definition, noun: Noun) => (d[lists[noun]] ?? []) as unknown as Named[]
const equal = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
const sorted = (v: unknown): unknown =>
  Array.isArray(v) ? v.map(sorted) : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).filter(([, x]) => x !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => [k, sorted(x)])) : v
const members = (a: object, b: object) => [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((k) => !equal(a[k as never], b[k as never])).sort()
const besideLists = (d: Definition) => Object.fromEntries(Object.entries(d).filter(([k]) => k !== 'layout' && !Object.values(lists).includes(k as never)))

/** What changes from one definition to another, as kernel/flow's Compare: where the boxes stand does not count. */
export function compare(from: Definition, to: Definition): Change[] {
  const out: Change[] = []
  const head = members(besideLists(from), besideLists(to))
  if (head.length) out.push({ op: 'changed', noun: 'flow', title: to.title, what: head })
  for (const noun of Object.keys(lists) as Noun[]) {
    const was = new Map(listOf(from, noun).map((x) => [x.name, x]))
    const is = new Map(listOf(to, noun).map((x) => [x.name, x]))
    for (const x of is.values()) {
      const old = was.get(x.name)
      if (!old) out.push({ op: 'added', noun, name: x.name, title: x.title })
      else if (!equal(old, x)) out.push({ op: 'changed', noun, name: x.name, title: x.title, what: members(old, x) })
    }
    for (const x of was.values()) if (!is.has(x.name)) out.push({ op: 'removed', noun, name: x.name, title: x.title })
  }
  return out
}

/** Both hands' work: each keeps what the other did not touch; where both changed one thing, mine stands. */
export function merge(base: Definition, mine: Definition, theirs: Definition): Definition {
  const out = structuredClone(theirs)
  for (const k of members(besideLists(base), besideLists(mine))) Object.assign(out, { [k]: mine[k as never] })
  for (const noun of Object.keys(lists) as Noun[]) {
    const was = new Map(listOf(base, noun).map((x) => [x.name, x]))
    const my = new Map(listOf(mine, noun).map((x) => [x.name, x]))
    const list = listOf(theirs, noun).flatMap((x) => {
      const old = was.get(x.name)
      const now = my.get(x.name)
      if (!now) return old && equal(old, x) ? [] : [x] // I took it out; what they changed meanwhile stays
      return [old && equal(old, now) ? x : now]
    })
    const there = new Set(listOf(theirs, noun).map((x) => x.name))
    for (const [name, x] of my) if (!there.has(name) && !equal(was.get(name), x)) list.push(x)
    Object.assign(out, { [lists[noun]]: structuredClone(list) })
  }
  const moved = Object.entries(mine.layout ?? {}).filter(([n, p]) => !equal(base.layout?.[n], p))
  const known = new Set(out.states.map((s) => s.name))
  out.layout = Object.fromEntries(Object.entries({ ...theirs.layout, ...Object.fromEntries(moved) }).filter(([n]) => known.has(n)))
  return out
}

/** What both changed: there mine stands after putting together. */
export function clash(mine: Change[], theirs: Change[]): Set<string> {
  const key = (c: Change) => `${c.noun} ${c.name ?? ''}`
  const my = new Set(mine.map(key))
  return new Set(theirs.map(key).filter((k) => my.has(k)))
}
