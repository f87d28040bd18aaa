/**
 * Which questions are shown for answers, and which must be answered: the same walk as kernel/form's Visible. Both are held
 * to kernel/form/testdata/golden.json by their tests.
 */
import type { Condition, Field, Form, Term, Values } from './api'

type Answer = (name: string) => { field?: Field; value?: unknown }

const own = '='
export const asks = (f: Field) => f.kind !== 'heading' && f.kind !== 'note' && !(f.kind === 'file' && f.obtainable_by_share)

/** Path → whether it must be answered; what is not in it is hidden. Values are as Check would shape them. */
export function visible(form: Form, values: Values): Record<string, boolean> {
  const seen: Record<string, boolean> = {}
  look(form.fields, values, '', () => ({}), seen)
  return seen
}

function look(fields: Field[], values: Values, prefix: string, outer: Answer, seen: Record<string, boolean>) {
  const shown = new Set<string>()
  const answer: Answer = (name) => {
    if (!shown.has(name)) return outer(name)
    return { field: fields.find((f) => f.name === name), value: values[name] }
  }
  for (const f of fields) {
    if (!holds(f.show, answer)) continue
    const at = prefix + f.name
    seen[at] = asks(f) && Boolean(f.required || (f.need && holds(f.need, answer)))
    if (f.kind === 'group') {
      const rows = Array.isArray(values[f.name]) ? (values[f.name] as Values[]) : []
      rows.forEach((row, i) => look(f.fields ?? [], row, `${at}.${i}.`, answer, seen))
    }
    shown.add(f.name)
  }
}

function holds(c: Condition | undefined, answer: Answer): boolean {
  if (!c?.terms?.length) return true
  const test = (t: Term) => termHolds(t, answer(t.field))
  return c.any ? c.terms.some(test) : c.terms.every(test)
}

const nothing = (v: unknown) => v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)

function termHolds(t: Term, { field, value }: { field?: Field; value?: unknown }): boolean {
  if (nothing(value) || !field) return t.op === 'empty'
  switch (t.op) {
    case 'filled':
      return true
    case 'is':
      return equals(t, field, value)
    case 'is_not':
      return !equals(t, field, value)
    case 'at_least':
      return compares(t, field, value, (n) => n >= 0)
    case 'at_most':
      return compares(t, field, value, (n) => n <= 0)
    default:
      return false
  }
}

function equals(t: Term, field: Field, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((v) => typeof v === 'string' && equals(t, field, v))
  if (typeof value === 'string') return value === (t.value ?? '') || (field.kind === 'choice' && t.value === own && value.startsWith(own))
  return compares(t, field, value, (n) => n === 0)
}

function compares(t: Term, field: Field, value: unknown, want: (n: number) => boolean): boolean {
  const given = t.value ?? ''
  if (typeof value === 'string') return field.kind === 'date' && want(value < given ? -1 : value > given ? 1 : 0)
  if (typeof value !== 'number' || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(given)) return false
  const against = Number(given) * (field.kind === 'money' ? 100 : 1) // yuan beside fen
  return want(value < against ? -1 : value > against ? 1 : 0)
}
