import { describe, expect, it } from 'vitest'
import { append, renew } from './cursor'

interface Row {
  id: number
  v: string
}
const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id, v: 'old' }))
const fresh = (...ids: number[]): Row[] => ids.map((id) => ({ id, v: 'new' }))
const key = (r: Row) => r.id
const ids = (list: Row[]) => list.map(key)

describe('append', () => {
  it('puts a page behind', () => {
    const out = append({ items: rows(1, 2), next: 'a' }, { items: fresh(3, 4), next: 'b' }, key)
    expect(ids(out.items)).toEqual([1, 2, 3, 4])
    expect(out.next).toBe('b')
  })
  it('keeps a row that moved once, in its newest reading', () => {
    const out = append({ items: rows(1, 2), next: 'a' }, { items: fresh(2, 3), next: '' }, key)
    expect(out.items).toEqual([{ id: 1, v: 'old' }, { id: 2, v: 'new' }, { id: 3, v: 'new' }])
  })
})

describe('renew', () => {
  it('replaces a list that fits on one page', () => {
    expect(renew({ items: rows(1, 2), next: '' }, { items: fresh(3), next: '' }, key)).toEqual({ items: fresh(3), next: '' })
  })
  it('keeps what was read further, and its cursor', () => {
    const out = renew({ items: rows(1, 2, 3, 4), next: 'd' }, { items: fresh(9, 1, 2), next: 'b' }, key)
    expect(ids(out.items)).toEqual([9, 1, 2, 3, 4])
    expect(out.next).toBe('d')
    expect(out.items[1]?.v).toBe('new')
  })
  it('does not show a row twice that rose to the head', () => {
    const out = renew({ items: rows(1, 2, 3, 4), next: 'd' }, { items: fresh(4, 1, 2), next: 'b' }, key)
    expect(ids(out.items)).toEqual([4, 1, 2, 3])
  })
  it('starts over when the head has nothing in common with what was read', () => {
    expect(renew({ items: rows(1, 2), next: 'b' }, { items: fresh(8, 9), next: 'z' }, key)).toEqual({ items: fresh(8, 9), next: 'z' })
  })
  it('takes the cursor of the page when nothing was read further', () => {
    expect(renew({ items: rows(1, 2), next: 'b' }, { items: fresh(1, 2), next: 'c' }, key).next).toBe('c')
  })
})
