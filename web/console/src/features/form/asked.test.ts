import { describe, expect, it } from 'vitest'
import type { Field } from './api'
import { changed, narrowed, seenWith } from './asked'

const f = (name: string, kind: Field['kind'] = 'text', more: Partial<Field> = {}): Field => ({ name, kind, label: name, ...more })

describe('some questions of a form', () => {
  const form = [f('h1', 'heading'), f('a'), f('h2', 'heading'), f('n2', 'note'), f('b'), f('c'), f('h3', 'heading'), f('d')]
  it('come with what leads them in', () => {
    expect(narrowed(form, ['b', 'd']).map((x) => x.name)).toEqual(['h2', 'n2', 'b', 'h3', 'd'])
    expect(narrowed(form, []).map((x) => x.name)).toEqual([])
    expect(narrowed(form)).toBe(form)
  })
  it('are shown as the server said where they hang on a masked answer', () => {
    const fields = [f('ill', 'choice'), f('how', 'text', { show: { terms: [{ field: 'ill', op: 'is', value: 'y' }] } }), f('free')]
    expect(seenWith({ ill: true, free: false }, fields, (n) => n === 'ill', { how: true })).toEqual({ ill: true, free: false, how: true })
    expect(seenWith({ ill: true, how: true, free: false }, fields, (n) => n === 'ill', {})).toEqual({ ill: true, free: false })
  })
  it('give what differs', () => {
    expect(changed({ a: 1, b: ['x'], c: 'o' }, { a: 1, b: ['x', 'y'], d: 2 })).toEqual({ b: ['x', 'y'], c: null, d: 2 })
  })
})
