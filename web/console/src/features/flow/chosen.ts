import type { Definition, Problem } from './api'

export type Sort = 'flow' | 'state' | 'action' | 'clock' | 'notice' | 'role'
/** What is being looked at: one thing of the definition, or the flow itself (name ''). */
export interface Chosen {
  sort: Sort
  name: string
}
export const whole: Chosen = { sort: 'flow', name: '' }

const sorts: Record<string, Sort> = { states: 'state', actions: 'action', clocks: 'clock', notices: 'notice', roles: 'role', layout: 'state' }

/** What a problem is about: "actions.accept.to" is the action accept. */
export function about(p: Problem): Chosen {
  const [list = '', name = ''] = p.path.split('.')
  const sort = sorts[list]
  return sort && name ? { sort, name } : whole
}
/** The member that a problem is about: "to"; '' for the thing as a whole. */
export const member = (p: Problem) => p.path.split('.')[2] ?? ''

/** What is deeper than the member: "late.level" of "clocks.total.due.late.level". */
export const deeper = (p: Problem) => p.path.split('.').slice(3).join('.')

export const same = (a: Chosen, b: Chosen) => a.sort === b.sort && a.name === b.name

/** Whether what was chosen is still there. */
export function stands(d: Definition, c: Chosen): boolean {
  const list: Record<Sort, { name: string }[] | undefined> = { flow: [{ name: '' }], state: d.states, action: d.actions, clock: d.clocks, notice: d.notices, role: d.roles }
  return list[c.sort]?.some((x) => x.name === c.name) ?? false
}
/** What it is called. */
export function titleOf(d: Definition, c: Chosen): string {
  const list: Record<Sort, { name: string; title: string }[] | undefined> = { flow: undefined, state: d.states, action: d.actions, clock: d.clocks, notice: d.notices, role: d.roles }
  return list[c.sort]?.find((x) => x.name === c.name)?.title ?? d.title
}
