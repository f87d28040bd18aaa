import type { Button } from './api'

/** A button with a key of its own, so that dragging and choosing survive renaming and moving. */
export interface Node extends Button {
  uid: number
  sub: Node[]
}

let last = 0

export function grow(buttons: Button[]): Node[] {
  return buttons.map((b) => ({ ...b, uid: ++last, sub: grow(b.sub ?? []) }))
}

export function prune(nodes: Node[]): Button[] {
  return nodes.map(({ uid: _, sub, ...b }) => (sub.length ? { ...b, sub: prune(sub) } : b))
}

export const blank = (name: string): Node => ({ uid: ++last, name, type: 'view', url: '', sub: [] })

/** The place of a node by its key, and the node. */
export function find(nodes: Node[], uid: number): { node: Node; place: [number] | [number, number] } | null {
  for (const [i, n] of nodes.entries()) {
    if (n.uid === uid) return { node: n, place: [i] }
    const j = n.sub.findIndex((s) => s.uid === uid)
    const sub = n.sub[j]
    if (sub) return { node: sub, place: [i, j] }
  }
  return null
}

/** Takes a node out; the nodes are changed in place. */
export function remove(nodes: Node[], uid: number) {
  const hit = find(nodes, uid)
  if (!hit) return
  const [i, j] = hit.place
  if (j === undefined) nodes.splice(i, 1)
  else nodes[i]?.sub.splice(j, 1)
}
