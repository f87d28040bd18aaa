import type { Door, Feature } from './feature'
import { holds } from './session'

export interface Group {
  title: string
  doors: Door[]
}

/** The navigation of one person: what exists and what they may open, in the order of the features, grouped. */
export function navigation(features: Feature[], permissions: string[]): Group[] {
  const groups: Group[] = []
  for (const door of features.flatMap((f) => f.doors)) {
    if (!holds(permissions, door.any)) continue
    const last = groups.find((g) => g.title === door.group && (door.group !== '' || g === groups[groups.length - 1]))
    if (last) last.doors.push(door)
    else groups.push({ title: door.group, doors: [door] })
  }
  return groups
}

/** The door that the present path stands behind: the longest address that it starts with. */
export function doorOf(groups: Group[], path: string): Door | undefined {
  const inside = (to: string) => path === to || path.startsWith(to === '/' ? '//' : to + '/')
  return groups
    .flatMap((g) => g.doors)
    .filter((d) => inside(d.to))
    .sort((a, b) => b.to.length - a.to.length)[0]
}
