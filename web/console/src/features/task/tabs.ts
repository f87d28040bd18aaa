import { dayEnd, dayStart } from '@/ui/time'
import type { Counts, Filter } from '../matter/api'

export const tabs = ['mine', 'pool', 'unit', 'near', 'late', 'watching', 'done'] as const
export type Tab = (typeof tabs)[number]
export const tabText: Record<Tab, string> = { mine: '等我办', pool: '本单位待领', unit: '本单位在办', near: '快到期', late: '已超期', watching: '我关注的', done: '我办过的' }

/** What an empty tab teaches: what would stand here, and what to do next. */
export const teach: Record<Tab, [string, string]> = {
  mine: ['没有等您办的事', '点名给您的、您这个岗位能接的，都会出现在这里，最先到期的在最上面。'],
  pool: ['本单位没有等人认领的事', '派到单位、还没有人接的事会出现在这里，点开认领；也可以勾几件一起认领。'],
  unit: ['本单位没有在办的事', '单位和下级单位里还没办完的每一件，不管在谁手上，都在这里。'],
  near: ['没有快到期的', '等您办、只剩不到一个工作日或不到两成时间的，会出现在这里。'],
  late: ['没有超期的', '等您办、过了期限的会出现在这里。现在一件也没有，很好。'],
  watching: ['您没有关注的事', '在一件事的右边点“关注这件事”，或者别人抄送给您，它就留在这里，随时能看走到了哪一步。'],
  done: ['您还没有办过事', '您办过的每一件都留在这里，随时能看走到了哪一步。'],
}

/** A tab of the address; what nobody knows is the first one. */
export const tabOf = (word: string): Tab => ((tabs as readonly string[]).includes(word) ? (word as Tab) : 'mine')

/** How many wait behind a tab, at most 1000; null where a number says nothing. */
export function countOf(tab: Tab, c: Counts | null): number | null {
  if (c === null || tab === 'done' || tab === 'unit' || tab === 'watching') return null
  return { mine: c.mine, pool: c.pool, near: c.near, late: c.late }[tab]
}
/** Whether a tab shows what hangs under a unit, else one's own list. */
export const ofUnit = (tab: Tab) => tab === 'pool' || tab === 'unit'

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

/** Which list a tab and its filters ask the server for; days are Shanghai's, the last one included. */
export function queryOf(tab: Tab, n: Narrow): { scope: 'unit' | 'mine' | 'watching' | 'done'; filter: Filter } {
  const end = dayEnd(n.to)
  const filter: Filter = {
    kind: n.kind, state: n.state, light: tab === 'near' ? 'yellow' : tab === 'late' ? 'red' : n.light, from_at: dayStart(n.from) ?? '', to_at: end === null ? '' : end + 1,
    ...(tab === 'pool' ? { held: 'pool' } : { assignee: n.assignee }), ...(tab === 'unit' ? { held: 'open' } : {}),
  }
  return { scope: ofUnit(tab) ? 'unit' : tab === 'watching' || tab === 'done' ? tab : 'mine', filter }
}
/** What the period of a tab counts: the list's own order. */
export const periodText = (tab: Tab, assignee: string) => (tab === 'done' ? '办理' : tab === 'watching' || (tab === 'unit' && assignee) ? '登记' : '到期')
/** Whether anything but the tab narrows the list. */
export const narrowed = (n: Narrow) => (Object.keys(wide) as (keyof Narrow)[]).some((k) => n[k] !== '')
