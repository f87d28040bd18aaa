import { dayEnd, dayStart } from '@/ui/time'
import type { Counts, Filter } from '../matter/api'

export const tabs = ['mine', 'pool', 'near', 'late', 'done'] as const
export type Tab = (typeof tabs)[number]
export const tabText: Record<Tab, string> = { mine: '我的', pool: '本单位待领', near: '快到期', late: '已超期', done: '我办过的' }

/** A tab of the address; what nobody knows is the first one. */
export const tabOf = (word: string): Tab => (tabs as readonly string[]).includes(word) ? (word as Tab) : 'mine'

/** How many wait behind a tab, at most 1000; null where a number says nothing. */
export function countOf(tab: Tab, c: Counts | null): number | null {
  return c === null || tab === 'done' ? null : { mine: c.mine, pool: c.pool, near: c.near, late: c.late }[tab]
}

/** What the address narrows the list by. */
export interface Narrow {
  kind: string
  state: string
  light: string
  assignee: string
  from: string
  to: string
}
export const wide: Narrow = { kind: '', state: '', light: '', assignee: '', from: '', to: '' }

/** What is asked of the server for a tab and its filters; days are Shanghai's, the last one included. */
export function queryOf(tab: Tab, n: Narrow): { scope: string; filter: Filter } {
  const end = dayEnd(n.to)
  const filter: Filter = { kind: n.kind, state: n.state, light: tab === 'near' ? 'yellow' : tab === 'late' ? 'red' : n.light, from_at: dayStart(n.from) ?? '', to_at: end === null ? '' : end + 1 }
  if (tab === 'pool') return { scope: 'pool', filter: { ...filter, held: 'pool' } }
  return { scope: tab === 'done' ? 'done' : 'mine', filter: { ...filter, assignee: n.assignee } }
}
/** Whether anything but the tab narrows the list. */
export const narrowed = (n: Narrow) => Object.values(n).some(Boolean)
