// The invented people of a trial, and what they say.
import type { Call, Definition, Frame, Move, Option, Person, Trial, Waiter } from './api'

export interface Actor extends Person {
  name: string
}

/** The two invented units: where a matter is opened, and another that can be asked or that it can be sent to. */
export const units: Record<number, string> = { 1: '本单位', 2: '另一个单位' }

/**
 * Who plays: who opens it, a colleague, the leaders of both units, a citizen, and one holder of each role; a role of the
 * unit where the matter lies has a holder in both units. Of a role that decides there are two, as nobody decides twice.
 */
export function cast(d: Definition): Actor[] {
  const people: Actor[] = [
    { who: 'staff:1', name: '登记人', unit: 1 },
    { who: 'staff:2', name: '同事', unit: 1 },
    { who: 'staff:3', name: '本单位负责人', unit: 1, leads: [1] },
    { who: 'staff:4', name: '另一个单位的负责人', unit: 2, leads: [2] },
    { who: 'citizen:1', name: '群众' },
  ]
  ;(d.roles ?? []).forEach((r, i) => {
    people.push({ who: `staff:${10 + 2 * i}`, name: r.title, unit: 1, roles: [{ role: r.name, unit: 1 }] })
    if (r.at === 'handling') people.push({ who: `staff:${11 + 2 * i}`, name: `${r.title}（另一个单位）`, unit: 2, roles: [{ role: r.name, unit: 2 }] })
  })
  return people.slice(0, 50)
}

/** A trial that nobody has acted in yet. Whoever can act in the first state opens it, so that it goes on. */
export function opening(d: Definition, at: number): Trial {
  const people = cast(d)
  const role = d.states[0]?.acts?.find((s) => s.startsWith('role:'))?.slice(5)
  const by = people.find((p) => p.roles?.some((r) => r.role === role))?.who ?? 'staff:1'
  return { people: people.map(({ who, unit, roles, leads }) => ({ who, unit, roles, leads })), at, by, unit: 1, outside: 'citizen:1', moves: [] }
}

export const nameIn = (people: Actor[], who: string) => people.find((p) => p.who === who)?.name ?? (who === 'system' ? '系统' : who)

/** Whom something waits for or tells, in words. */
export function waiterText(d: Definition, people: Actor[], w: Waiter): string {
  if (w.who) return nameIn(people, w.who)
  const unit = w.unit === 1 || !w.unit ? '' : `（${units[w.unit] ?? '别的单位'}）`
  if (w.role) return (d.roles?.find((r) => r.name === w.role)?.title ?? w.role) + unit
  if (w.lead) return `负责人${unit}`
  return `${units[w.unit ?? 1] ?? '单位'}的人`
}

/** As Go's Call.ID writes it: the answer to a guard is found by it. */
export function callId(c: Call): string {
  const list = Object.entries(c.params ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return list.length ? `${c.name}?${new URLSearchParams(list)}` : c.name
}

/** A first answer to everything that an option asks, so that one press goes on; a person may change it. */
export function answers(o: Option, who: string, people: Actor[], frame: Frame): Partial<Move> {
  const out: Partial<Move> = {}
  const staff = people.filter((p) => p.who.startsWith('staff:') && p.who !== who)
  for (const ask of o.asks ?? []) {
    if (ask === 'reason') out.reason = o.reasons?.[0] ?? '试运行'
    if (ask === 'evidence') out.evidence = ['试运行材料.pdf']
    if (ask === 'staff') out.staff = staff[0]?.who
    if (ask === 'unit' || ask === 'any') out.unit = 2
    if (ask === 'units') out.units = [2]
    if (ask === 'signers') out.signers = staff.slice(0, 2).map((p) => p.who)
    if (ask === 'watch') out.watch = staff.slice(0, 1).map((p) => p.who)
    if (ask === 'state') out.state = o.steps?.[0]
    if (ask === 'items') out.items = ['试运行：请补一份材料']
    if (ask === 'amount') out.amount = 1
    if (ask === 'slot') out.slot = frame.run.signing?.slots.find((s) => s.state === 'waiting')?.id
  }
  if (o.steps?.length && !out.state) out.state = o.steps[0]
  if (o.direct === 'must') out.direct = true
  if (o.clocks?.length) out.clock = o.clocks[0]
  if (o.fields?.length) out.filled = [...o.fields]
  const asked = [...(o.guards ?? []), ...(o.ways ?? []).map((w) => w.when)]
  if (asked.length) out.guards = Object.fromEntries(asked.map((c) => [callId(c), true]))
  return out
}

const hour = 3600_000
export const jumps = [
  { word: '过 1 小时', ms: hour }, { word: '过 1 天', ms: 24 * hour }, { word: '过 3 天', ms: 72 * hour }, { word: '过 7 天', ms: 168 * hour }, { word: '过 30 天', ms: 720 * hour },
]

/** Cuts a trial back to its first n moves. */
export const cutTo = (t: Trial, n: number): Trial => ({ ...t, moves: (t.moves ?? []).slice(0, n), until: undefined })

/** The light of a clock after time has passed since its frame: one that runs goes on. */
export function lightAt(c: { status: string; light: string; due?: number; yellow?: number }, at: number): string {
  if (c.status !== 'running' || !c.due) return c.light
  return at >= c.due ? 'red' : c.yellow && at >= c.yellow ? 'yellow' : c.light
}
