// The messages of one chat as the phone holds them: newest part first, older ones on request,
// and what is still on its way to the sandbox.
import type { Item } from '../api/kinds'

/** A message that the phone shows before the sandbox has answered for it. */
export interface Draft {
  key: number
  item: Item
  state: 'sending' | 'refused'
  why: string
}

/** Joins two stretches of a chat: by id, the second wins, in order. */
export function merge(held: Item[], fetched: Item[]): Item[] {
  const byId = new Map(held.map((i) => [i.id, i]))
  for (const i of fetched) byId.set(i.id, i)
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

/**
 * The held items after the newest page came again. When the page does not touch what is held (many
 * messages came while the window slept), the gap is not hidden: the older part is dropped and can
 * be loaded again by scrolling.
 */
export function refresh(held: Item[], page: Item[], more: boolean): { items: Item[]; more: boolean | 'keep' } {
  const first = page[0]
  const last = held[held.length - 1]
  if (!first || !last) return { items: page, more }
  if (more && first.id > last.id) return { items: page, more: true }
  const older = held.filter((i) => i.id < first.id)
  return { items: [...older, ...page], more: older.length ? 'keep' : more }
}

/** What a list row or a screen reader says of an item. */
export function gist(i: Item, plain: (text: string) => string): string {
  switch (i.type) {
    case 'text':
    case 'system':
      return plain(i.content ?? '')
    case 'image':
    case 'images':
      return '[图片]'
    case 'voice':
      return i.recognition ? `[语音] ${i.recognition}` : '[语音]'
    case 'video':
    case 'shortvideo':
      return i.title ? `[视频] ${i.title}` : '[视频]'
    case 'music':
      return `[音乐] ${i.title ?? ''}`.trim()
    case 'news':
      return i.articles?.[0]?.title ?? '[图文]'
    case 'msgmenu':
      return plain(i.head || i.list?.map((l) => l.content).join(' ') || '[菜单消息]')
    case 'miniprogram':
      return `[小程序] ${i.title ?? ''}`.trim()
    case 'template':
      return `[通知] ${i.title ?? ''}`.trim()
    case 'location':
      return `[位置] ${i.label ?? ''}`.trim()
    case 'link':
      return `[链接] ${i.title ?? ''}`.trim()
    default:
      return `[${i.type}]`
  }
}
