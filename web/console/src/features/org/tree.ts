import type { Unit } from './api'

export interface Branch {
  id: number
  label: string
  unit: Unit
  children: Branch[]
}

/**
 * Makes the tree of a flat list. A unit whose parent is out of sight (the person reaches only a subtree) becomes a
 * root. Order is that of the list.
 */
export function treeOf(units: Unit[]): Branch[] {
  const all = new Map(units.map((u) => [u.id, { id: u.id, label: u.closed ? `${u.name}（已撤销）` : u.name, unit: u, children: [] as Branch[] }]))
  const roots: Branch[] = []
  for (const branch of all.values()) {
    const parent = all.get(branch.unit.parent_id)
    if (parent) parent.children.push(branch)
    else roots.push(branch)
  }
  return roots
}

/** The names from the top down to the unit: "青云市 / 人社局". */
export function pathText(units: Unit[], id: number): string {
  const byId = new Map(units.map((u) => [u.id, u]))
  const unit = byId.get(id)
  if (!unit) return ''
  return unit.path
    .split('/')
    .filter(Boolean)
    .map((part) => byId.get(Number(part))?.name)
    .filter(Boolean)
    .join(' / ')
}

/** Where a unit may be moved to: anywhere but itself and what stands under it. */
export function movable(units: Unit[], unit: Unit): Unit[] {
  return units.filter((u) => !u.path.startsWith(unit.path))
}
