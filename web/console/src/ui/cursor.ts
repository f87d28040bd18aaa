import type { Page } from '@/api/client'

/** A list as far as it was read: rows in order, and the cursor of what follows. */
export interface Rows<T> {
  items: T[]
  next: string
}

type Key<T> = (row: T) => string | number

/** Puts a further page behind what is there; a row that moved between the two reads is kept once, newest reading. */
export function append<T>(rows: Rows<T>, page: Page<T>, key: Key<T>): Rows<T> {
  const fresh = new Map(page.items.map((row) => [key(row), row]))
  return { items: [...rows.items.filter((row) => !fresh.has(key(row))), ...page.items], next: page.next }
}

/**
 * Renews the head of a list that was read further: the fresh page replaces the rows it covers; rows below stay, with
 * the cursor they had. When the fresh page is the whole list, it is the list.
 */
export function renew<T>(rows: Rows<T>, page: Page<T>, key: Key<T>): Rows<T> {
  if (!page.next) return { items: page.items, next: '' }
  const last = page.items[page.items.length - 1]
  const cut = last === undefined ? -1 : rows.items.findIndex((row) => key(row) === key(last))
  if (cut < 0) return { items: page.items, next: page.next }
  const fresh = new Set(page.items.map(key))
  const tail = rows.items.slice(cut + 1).filter((row) => !fresh.has(key(row)))
  return tail.length ? { items: [...page.items, ...tail], next: rows.next } : { items: page.items, next: page.next }
}
