// Edits of a definition as the drawing makes them. Each changes the definition that it is given and keeps every name that
// it speaks of in step, so that what the drawing can do never leaves a word behind that means nothing.
import type { Action, Definition, Point, State } from './api'
import { leads } from './words'

/** One arrow of the drawing: an action, or what a round of signatures leads to. */
export interface Arrow {
  /** Unique in the drawing. */
  id: string
  action: string
  from: string
  to: string
  title: string
  /** Back to an earlier step, or the way out of signatures: drawn with dashes. */
  dashed: boolean
}

/** "*" in an action's from. */
export const anywhere = '*'

export const verbOf = (a: Action) => a.does || 'go'

/** The states in which an action can be done, the any-of-them spelled out. */
export function fromOf(d: Definition, a: Action): string[] {
  return d.states.filter((s) => a.from.includes(s.name) || (a.from.includes(anywhere) && !s.end)).map((s) => s.name)
}

/** The arrows. An action that is possible everywhere has none: it would cover the drawing (it stands in the list beside it). */
export function arrows(d: Definition): Arrow[] {
  const known = new Set(d.states.map((s) => s.name))
  const out: Arrow[] = []
  const add = (a: Action, from: string, to: string | undefined, title: string, dashed: boolean) => {
    if (to && known.has(from) && known.has(to)) out.push({ id: `${a.name}:${from}:${to}:${dashed ? 1 : 0}`, action: a.name, from, to, title, dashed })
  }
  for (const a of d.actions) {
    for (const from of a.from.filter((f) => f !== anywhere)) {
      if (a.does === 'return') a.steps?.forEach((s) => add(a, from, s, a.title, true))
      const g = d.states.find((s) => s.name === from)?.signing
      if (g && a.does === 'agree') add(a, from, g.agreed, a.title, false)
      if (g && a.does === 'refuse') add(a, from, g.refused, a.title, true)
      const ways = (a.ways ?? []).map((w) => w.to)
      ;[...new Set([...ways, a.to])].forEach((to) => add(a, from, to, ways.includes(to ?? '') ? `${a.title}（看条件）` : a.title, false))
    }
  }
  return out
}

/** What can be done in a state without leaving it by an arrow. */
export function besides(d: Definition, state: string): Action[] {
  const drawn = new Set(arrows(d).filter((x) => x.from === state).map((x) => x.action))
  return d.actions.filter((a) => !drawn.has(a.name) && fromOf(d, a).includes(state))
}

/** A name that nothing of this sort has yet: state1, state2, … */
export function freeName(taken: { name: string }[], stem: string): string {
  for (let n = taken.length + 1; ; n++) if (!taken.some((x) => x.name === stem + n)) return stem + n
}

export function addState(d: Definition, at: Point, end = false): State {
  const s: State = end ? { name: freeName(d.states, 'end'), title: '新的结束', end: true, outcome: 'completed' } : { name: freeName(d.states, 'step'), title: '新的一步', acts: [d.roles?.[0] ? `role:${d.roles[0].name}` : 'unit'] }
  d.states.push(s)
  place(d, s.name, at)
  return s
}

/**
 * Draws an action from a state to another. What it is follows from where it leads: on from a step, back to an earlier one
 * (then work is returned), from an end only what opens again.
 */
export function connect(d: Definition, from: string, to: string): Action {
  const target = d.states.find((s) => s.name === to)
  const begin = d.states.find((s) => s.name === from)
  const a: Action = { name: freeName(d.actions, 'do'), title: target?.end ? '办结' : '提交', from: [from] }
  if (begin?.end) Object.assign(a, { to, does: 'reopen', title: '重办', within_days: 30, by: ['opener'] })
  else if (before(d, from).has(to)) Object.assign(a, { does: 'return', title: '退回', steps: [to] })
  else a.to = to
  d.actions.push(a)
  return a
}

/** The steps that come before a state on the ways that lead on; opening again does not count. */
export function before(d: Definition, state: string): Set<string> {
  const ends = new Set(d.states.filter((s) => s.end).map((s) => s.name))
  const ways = arrows(d).filter((a) => !a.dashed && !ends.has(a.from))
  const out = new Set<string>()
  for (const todo = [state]; todo.length; ) {
    const at = todo.pop()!
    for (const w of ways) if (w.to === at && w.from !== state && !out.has(w.from)) todo.push((out.add(w.from), w.from))
  }
  return out
}

export function place(d: Definition, state: string, at: Point) {
  d.layout = { ...d.layout, [state]: { x: Math.max(0, Math.round(at.x / 10) * 10), y: Math.max(0, Math.round(at.y / 10) * 10) } }
}

/** Takes a state out, and everything that only made sense with it. */
export function dropState(d: Definition, name: string) {
  d.states = d.states.filter((s) => s.name !== name)
  d.actions = d.actions.filter((a) => {
    const went = a.from.includes(name)
    a.from = a.from.filter((f) => f !== name)
    if (a.ways) a.ways = a.ways.filter((w) => w.to !== name)
    if (a.steps) a.steps = a.steps.filter((s) => s !== name)
    if (a.to === name) return false
    return a.from.length > 0 || !went
  })
  const gone = (t: string) => t === `enter:${name}` || t === `leave:${name}` || t === `holder:${name}`
  everyList(d, (list) => list.filter((t) => !gone(t)))
  for (const c of d.clocks ?? []) c.due = c.due?.filter((x) => x.fiction?.from !== name && x.fiction?.to !== name)
  const layout = { ...d.layout }
  delete layout[name]
  d.layout = layout
  afterActions(d)
}

export function dropAction(d: Definition, name: string) {
  d.actions = d.actions.filter((a) => a.name !== name)
  afterActions(d)
}

/** Forgets the triggers of actions that are not there any more. */
function afterActions(d: Definition) {
  const known = new Set(d.actions.map((a) => `do:${a.name}`))
  everyList(d, (list) => list.filter((t) => !t.startsWith('do:') || known.has(t)))
}

export function dropNamed(d: Definition, kind: 'clock' | 'notice' | 'role', name: string) {
  if (kind === 'clock') {
    d.clocks = d.clocks?.filter((c) => c.name !== name)
    for (const a of d.actions) {
      if (a.clock === name) delete a.clock
      if (a.after === name) delete a.after
    }
  } else if (kind === 'notice') {
    d.notices = d.notices?.filter((n) => n.name !== name)
    const rest = (list?: string[]) => list?.filter((n) => n !== name)
    for (const a of d.actions) a.notices = rest(a.notices)
    for (const c of d.clocks ?? []) c.due?.forEach((x) => (x.notices = rest(x.notices)))
  } else {
    d.roles = d.roles?.filter((r) => r.name !== name)
    everyList(d, (list) => list.filter((s) => s !== `role:${name}`))
    for (const s of d.states) if (s.signing?.roles) s.signing.roles = s.signing.roles.filter((r) => r !== name)
  }
}

/** Renames a state or an action, and every word that speaks of it. Answers false when the name is taken or no name. */
export function rename(d: Definition, kind: 'state' | 'action', from: string, to: string): boolean {
  const list: { name: string }[] = kind === 'state' ? d.states : d.actions
  if (!/^[a-z][a-z0-9_]*$/.test(to) || list.some((x) => x.name === to)) return false
  const it = list.find((x) => x.name === from)
  if (!it) return false
  it.name = to
  const swap = (s: string) => (s === from ? to : s)
  if (kind === 'action') {
    everyList(d, (all) => all.map((t) => (t === `do:${from}` ? `do:${to}` : t)))
    return true
  }
  everyList(d, (all) => all.map((t) => t.replace(/^(enter|leave|holder):(.*)$/, (_, word: string, name: string) => `${word}:${swap(name)}`)))
  for (const a of d.actions) {
    a.from = a.from.map(swap)
    if (a.to) a.to = swap(a.to)
    a.ways?.forEach((w) => (w.to = swap(w.to)))
    if (a.steps) a.steps = a.steps.map(swap)
  }
  for (const s of d.states) if (s.signing) Object.assign(s.signing, { agreed: swap(s.signing.agreed), refused: swap(s.signing.refused) })
  for (const c of d.clocks ?? []) c.due?.forEach((x) => x.fiction && Object.assign(x.fiction, { from: swap(x.fiction.from), to: swap(x.fiction.to) }))
  d.layout = Object.fromEntries(Object.entries(d.layout ?? {}).map(([n, p]) => [swap(n), p]))
  return true
}

/** Every list of selectors and of triggers. */
function everyList(d: Definition, edit: (list: string[]) => string[]) {
  for (const s of d.states) if (s.acts) s.acts = edit(s.acts)
  for (const a of d.actions) if (a.by) a.by = edit(a.by)
  for (const n of d.notices ?? []) n.to = edit(n.to)
  for (const c of d.clocks ?? []) {
    for (const key of ['starts', 'stops', 'resets'] as const) if (c[key]) c[key] = edit(c[key])
    for (const p of c.pauses ?? []) Object.assign(p, { on: edit(p.on), resumes: edit(p.resumes) })
    if (c.extends?.by) c.extends.by = edit(c.extends.by)
  }
}

/** Makes a state one of signatures, with the two actions that it cannot do without; or takes that back. */
export function setSigning(d: Definition, s: State, on: boolean) {
  if (!on) {
    delete s.signing
    s.acts = s.acts?.filter((x) => x !== 'signer')
    if (!s.acts?.length) s.acts = ['assignee']
    for (const a of d.actions.filter((x) => ['agree', 'refuse', 'add_signer', 'remove_signer'].includes(verbOf(x)))) a.from = a.from.filter((f) => f !== s.name)
    d.actions = d.actions.filter((a) => a.from.length)
    return afterActions(d)
  }
  const others = d.states.filter((x) => x.name !== s.name)
  s.review = true
  s.acts = ['signer']
  s.signing = { mode: 'all', agreed: others.find((x) => x.end)?.name ?? others[others.length - 1]?.name ?? '', refused: others.find((x) => !x.end)?.name ?? '' }
  for (const [does, title] of [['agree', '同意'], ['refuse', '不同意']] as const) {
    const a = d.actions.find((x) => x.does === does)
    if (a) a.from = [...new Set([...a.from, s.name])]
    else d.actions.push({ name: freeName(d.actions, 'do'), title, does, from: [s.name] })
  }
}

/** Sets what an action does, and forgets what only its former verb could mean. */
export function setVerb(a: Action, verb: string) {
  a.does = verb === 'go' ? undefined : verb
  if (!leads.has(verb)) {
    delete a.to
    delete a.ways
  }
  if (verb !== 'go') delete a.verdict
  if (verb !== 'return') {
    delete a.steps
    delete a.direct
  }
  if (verb !== 'reopen') delete a.within_days
  if (verb !== 'extend') delete a.clock
  if (verb !== 'child') delete a.flow
  if (verb !== 'suspend') delete a.reasons
}

/** Takes what is empty away, as the server writes it: an empty list and an absent one mean the same. */
export function tidy(d: Definition): Definition {
  const clean = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(clean)
    if (!v || typeof v !== 'object') return v
    const keep = new Set(['from', 'states', 'actions', 'to', 'on', 'resumes', 'amount', 'title', 'name', 'key', 'kind', 'rule', 'x', 'y'])
    return Object.fromEntries(
      Object.entries(v)
        .map(([k, x]) => [k, clean(x)] as const)
        .filter(([k, x]) => keep.has(k) ? x !== undefined && !(k === 'to' && x === '') : !(x === undefined || x === null || x === '' || x === false || x === 0 || (Array.isArray(x) && !x.length) || (typeof x === 'object' && !Array.isArray(x) && !Object.keys(x as object).length))),
    )
  }
  return clean(d) as Definition
}
