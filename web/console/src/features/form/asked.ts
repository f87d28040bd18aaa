/** Which questions of a form stand in a dialog that asks for some of them. */
import type { Condition, Field, Values } from './api'
import { asks } from './visible'

/** The questions of only, with the headings and notes that lead them in. */
export function narrowed(fields: Field[], only?: string[]): Field[] {
  if (!only) return fields
  const out: Field[] = []
  let lead: Field[] = []
  for (const f of fields) {
    if (!asks(f)) lead = f.kind === 'heading' ? [f] : [...lead, f]
    else if (only.includes(f.name)) {
      out.push(...lead, f)
      lead = []
    }
  }
  return out
}

const speaksOf = (c: Condition | undefined, unknown: (name: string) => boolean) => !!c?.terms.some((t) => unknown(t.field))

/**
 * What is asked, where some answers are only seen masked: a question that hangs on one of those is shown as the server said,
 * which knows them.
 */
export function seenWith(seen: Record<string, boolean>, fields: Field[], unknown: (name: string) => boolean, server: Record<string, boolean>): Record<string, boolean> {
  const out = { ...seen }
  for (const f of fields) {
    if (!speaksOf(f.show, unknown) && !speaksOf(f.need, unknown)) continue
    delete out[f.name]
    if (f.name in server) out[f.name] = server[f.name]!
  }
  return out
}

/** What is given of values: what differs from before, null for what was there and is not any more. */
export function changed(before: Values, now: Values): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (JSON.stringify(before[name]) !== JSON.stringify(now[name])) out[name] = now[name] ?? null
  }
  return out
}
