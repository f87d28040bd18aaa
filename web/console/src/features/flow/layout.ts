// Where the boxes stand, how the arrows run between them, and what lies next to what.
import type { Definition, Point } from './api'
import { arrows, type Arrow } from './graph'

/** A box, in pixels of the drawing. */
export const box = { width: 152, height: 56 }
/** From the left edge of one column to the next, from the top of one row to the next. */
const step = { x: 250, y: 116 }
const margin = { x: 60, y: 60 }

/** Where every state stands: where somebody put it, else in a row below all of those. */
export function places(d: Definition): Record<string, Point> {
  const out: Record<string, Point> = {}
  const given = d.states.filter((s) => d.layout?.[s.name])
  const below = given.length ? Math.max(...given.map((s) => d.layout![s.name]!.y)) + step.y : margin.y
  let n = 0
  for (const s of d.states) out[s.name] = d.layout?.[s.name] ?? { x: margin.x + n++ * step.x, y: below }
  return out
}

/**
 * Places the states in columns from the first one on: a state stands right of whatever leads to it, ways back left out; in
 * a column what is led to from above stands above. The same definition always gives the same drawing.
 */
export function arrange(d: Definition): Record<string, Point> {
  const names = d.states.map((s) => s.name)
  const edges = forward(names, arrows(d))
  const rank = new Map(names.map((n) => [n, 0]))
  for (let i = 0; i < names.length; i++) {
    for (const [from, to] of edges) rank.set(to, Math.max(rank.get(to) ?? 0, (rank.get(from) ?? 0) + 1))
  }
  const columns: string[][] = []
  for (const n of names) (columns[rank.get(n) ?? 0] ??= []).push(n)
  const row = new Map<string, number>()
  for (const column of columns) {
    const pull = (n: string) => {
      const from = edges.filter(([, to]) => to === n).map(([f]) => row.get(f) ?? 0)
      return from.length ? from.reduce((a, b) => a + b, 0) / from.length : 0
    }
    const ends = new Set(d.states.filter((s) => s.end).map((s) => s.name))
    column?.sort((a, b) => pull(a) - pull(b) || Number(ends.has(a)) - Number(ends.has(b)) || names.indexOf(a) - names.indexOf(b))
    column?.forEach((n, i) => row.set(n, i))
  }
  return Object.fromEntries(names.map((n) => [n, { x: margin.x + (rank.get(n) ?? 0) * step.x, y: margin.y + (row.get(n) ?? 0) * step.y }]))
}

/** The edges without those that close a circle, found by walking from the first state on. */
function forward(names: string[], all: Arrow[]): [string, string][] {
  const next = new Map<string, string[]>()
  for (const a of all) if (!a.dashed && a.from !== a.to) next.set(a.from, [...(next.get(a.from) ?? []), a.to])
  const out: [string, string][] = []
  const done = new Set<string>()
  const open = new Set<string>()
  const walk = (n: string) => {
    open.add(n)
    for (const to of new Set(next.get(n) ?? [])) {
      if (open.has(to)) continue
      out.push([n, to])
      if (!done.has(to)) walk(to)
    }
    open.delete(n)
    done.add(n)
  }
  for (const n of names) if (!done.has(n)) walk(n)
  return out
}

export interface Line {
  arrow: Arrow
  path: string
  /** Where its words stand. */
  at: Point
}

/** The arrows as curves. Several between the same two boxes lie beside each other; a way back swings below; none goes through a box that it can go round. */
export function lines(d: Definition, at: Record<string, Point>): Line[] {
  const all = arrows(d)
  const pair = (a: Arrow) => `${a.from}>${a.to}`
  const seen = new Map<string, number>()
  const leaving = spread(all, at, 'from')
  const coming = spread(all, at, 'to')
  return all.map((arrow) => {
    const n = seen.get(pair(arrow)) ?? 0
    seen.set(pair(arrow), n + 1)
    const others = Object.entries(at).filter(([name]) => name !== arrow.from && name !== arrow.to).map(([, p]) => p)
    return { arrow, ...round(at[arrow.from]!, at[arrow.to]!, n, leaving.get(arrow.id) ?? 0, coming.get(arrow.id) ?? 0, others) }
  })
}

type Curve = [Point, Point, Point, Point]

/** How many points of a curve lie in boxes that it has nothing to do with. */
export function crossed([a, c, e, b]: Curve, others: Point[]): number {
  let hits = 0
  for (let i = 1; i < 20; i++) {
    const t = i / 20
    const u = 1 - t
    const x = u * u * u * a.x + 3 * u * u * t * c.x + 3 * u * t * t * e.x + t * t * t * b.x
    const y = u * u * u * a.y + 3 * u * u * t * c.y + 3 * u * t * t * e.y + t * t * t * b.y
    if (others.some((p) => x > p.x - 4 && x < p.x + box.width + 4 && y > p.y - 4 && y < p.y + box.height + 4)) hits++
  }
  return hits
}

/** The straightest of some ways that goes through no other box; when all do, the one that does least. */
function round(from: Point, to: Point, n: number, leave: number, come: number, others: Point[]): { path: string; at: Point } {
  let best = curve(from, to, n, leave, come)
  let least = from === to ? 0 : crossed(best, others)
  for (const swing of [60, -60, 110, -110, 170, -170, 240, -240, 330, -330]) {
    if (!least) break
    for (const way of [swung(from, to, n, leave, come, swing), bowed(from, to, n, swing)]) {
      const hits = crossed(way, others)
      if (hits < least) [best, least] = [way, hits]
    }
  }
  return drawn(best)
}

/** From side to side, its middle lifted or lowered. */
function swung(from: Point, to: Point, n: number, leave: number, come: number, by: number): Curve {
  const right = to.x >= from.x
  const a = { x: from.x + (right ? box.width : 0), y: from.y + box.height / 2 + leave }
  const b = { x: to.x + (right ? 0 : box.width), y: to.y + box.height / 2 + come }
  const bend = (right ? 1 : -1) * Math.max(40, Math.abs(b.x - a.x) / 2.4)
  const y = by + Math.sign(by) * n * 18
  return [a, { x: a.x + bend, y: a.y + y }, { x: b.x - bend, y: b.y + y }, b]
}

/** From top to top, or from below to below, over or under everything between. */
function bowed(from: Point, to: Point, n: number, by: number): Curve {
  const under = by > 0
  const edge = (p: Point, aside: number) => ({ x: p.x + box.width / 2 + aside, y: p.y + (under ? box.height : 0) })
  const a = edge(from, -12 - n * 12)
  const b = edge(to, 12 + n * 12)
  const y = (under ? Math.max(a.y, b.y) : Math.min(a.y, b.y)) + by
  return [a, { x: a.x, y }, { x: b.x, y }, b]
}

/** How far from the middle of a box's side each arrow touches it, so that they do not all lie on one another. */
function spread(all: Arrow[], at: Record<string, Point>, end: 'from' | 'to'): Map<string, number> {
  const out = new Map<string, number>()
  const other = end === 'from' ? 'to' : 'from'
  for (const name of new Set(all.map((a) => a[end]))) {
    const mine = all.filter((a) => a[end] === name && ahead(at[a.from]!, at[a.to]!)).sort((a, b) => at[a[other]]!.y - at[b[other]]!.y)
    const gap = Math.min(14, (box.height - 16) / Math.max(1, mine.length - 1))
    mine.forEach((a, i) => out.set(a.id, (i - (mine.length - 1) / 2) * gap))
  }
  return out
}

const ahead = (from: Point, to: Point) => to.x > from.x + box.width * 0.6

function curve(from: Point, to: Point, n: number, leave: number, come: number): Curve {
  const mid = box.height / 2
  if (ahead(from, to)) {
    const a = { x: from.x + box.width, y: from.y + mid + leave }
    const b = { x: to.x, y: to.y + mid + come }
    const far = to.x - from.x > step.x * 1.4
    const lift = far ? -(Math.abs(to.x - from.x) / step.x) * 34 - n * 24 : 0
    const bend = Math.max(30, (b.x - a.x) / 2.4)
    return [a, { x: a.x + bend, y: a.y + lift }, { x: b.x - bend, y: b.y + lift }, b]
  }
  if (Math.abs(to.x - from.x) <= box.width * 0.6) {
    if (from === to) {
      const a = { x: from.x + box.width - 30, y: from.y }
      return [a, { x: a.x - 10, y: a.y - 60 }, { x: a.x + 60, y: a.y - 60 }, { x: from.x + box.width, y: from.y + 16 }]
    }
    const down = to.y > from.y
    const shift = (down ? 24 : -24) + n * 18
    const a = { x: from.x + box.width / 2 + shift, y: from.y + (down ? box.height : 0) }
    const b = { x: to.x + box.width / 2 + shift, y: to.y + (down ? 0 : box.height) }
    return [a, { x: a.x, y: (a.y + b.y) / 2 }, { x: b.x, y: (a.y + b.y) / 2 }, b]
  }
  const low = Math.max(from.y, to.y) + box.height + 34 + n * 22 + ((from.x - to.x) / step.x) * 8
  const a = { x: from.x + box.width / 2 - 12 - n * 14, y: from.y + box.height }
  const b = { x: to.x + box.width / 2 + 12 + n * 14, y: to.y + box.height }
  return [a, { x: a.x, y: low }, { x: b.x, y: low }, b]
}

function drawn([a, c, e, b]: Curve): { path: string; at: Point } {
  const r = Math.round
  const half = (k: 'x' | 'y') => r((a[k] + 3 * c[k] + 3 * e[k] + b[k]) / 8)
  return { path: `M${r(a.x)} ${r(a.y)} C${r(c.x)} ${r(c.y)} ${r(e.x)} ${r(e.y)} ${r(b.x)} ${r(b.y)}`, at: { x: half('x'), y: half('y') } }
}

/** Moves labels that would lie on one another apart, top ones first. */
export function spacedLabels(list: Line[], at: Record<string, Point>): Line[] {
  const width = (l: Line) => 14 + [...l.arrow.title].length * 13
  const taken: { x: number; y: number; w: number; h: number }[] = Object.values(at).map((p) => ({ x: p.x + box.width / 2, y: p.y + box.height / 2, w: box.width, h: box.height }))
  const hits = (x: number, y: number, w: number) => taken.some((t) => Math.abs(t.x - x) < (t.w + w) / 2 && Math.abs(t.y - y) < (t.h + 20) / 2)
  return list.map((l) => {
    const w = width(l)
    let y = l.at.y
    for (let i = 1; i < 9 && hits(l.at.x, y, w); i++) y = l.at.y + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * 20
    taken.push({ x: l.at.x, y, w, h: 20 })
    return { ...l, at: { x: l.at.x, y } }
  })
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** What lies next in a direction: the nearest within 45° of it, sideways distance counting double; '' when nothing does. */
export function neighbour(points: Record<string, Point>, from: string, way: Direction): string {
  const here = points[from]
  if (!here) return Object.keys(points)[0] ?? ''
  let best = ''
  let least = Infinity
  for (const [name, p] of Object.entries(points)) {
    const dx = p.x - here.x
    const dy = p.y - here.y
    const [along, aside] = way === 'ArrowLeft' ? [-dx, dy] : way === 'ArrowRight' ? [dx, dy] : way === 'ArrowUp' ? [-dy, dx] : [dy, dx]
    if (name === from || along <= 0 || Math.abs(aside) > along * 2.5) continue
    const cost = along + 2 * Math.abs(aside)
    if (cost < least) [best, least] = [name, cost]
  }
  return best
}

/** The part of the drawing that shows everything: left, top, width, height. */
export function extent(at: Record<string, Point>): { x: number; y: number; width: number; height: number } {
  const list = Object.values(at)
  if (!list.length) return { x: 0, y: 0, width: 800, height: 500 }
  const left = Math.min(...list.map((p) => p.x)) - 50
  const top = Math.min(...list.map((p) => p.y)) - 60
  return { x: left, y: top, width: Math.max(...list.map((p) => p.x)) + box.width + 50 - left, height: Math.max(...list.map((p) => p.y)) + box.height + 90 - top }
}
