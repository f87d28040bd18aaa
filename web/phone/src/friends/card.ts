import type { Card, Item } from '../api/kinds'

/** The page that a message of a chat shows, to be passed on; null when it shows none. */
export function cardOfItem(i: Item): Card | null {
  if (i.type === 'link' && i.url && i.title) return { title: i.title, description: i.description ?? '', url: i.url, thumb_url: i.thumb_url ?? '' }
  const first = i.type === 'news' ? i.articles?.[0] : undefined
  if (first?.url && first.title) return { title: first.title, description: first.description ?? '', url: first.url, thumb_url: first.pic_url ?? '' }
  return null
}
