import type { Article } from '../api/kinds'

/** The newest publication first, and within one the order that the account gave: its first article leads. */
export function inOrder<T extends Pick<Article, 'article_id' | 'index'>>(list: T[]): T[] {
  const groups = new Map<string, T[]>()
  for (const a of list) groups.set(a.article_id, [...(groups.get(a.article_id) ?? []), a])
  return [...groups.values()].flatMap((g) => g.sort((a, b) => a.index - b.index))
}
