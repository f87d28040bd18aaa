import { expect, it } from 'vitest'
import { inOrder } from './order'

it('keeps publications in their order and articles in the account’s', () => {
  const list = [
    { article_id: 'new', index: 1 },
    { article_id: 'new', index: 0 },
    { article_id: 'old', index: 2 },
    { article_id: 'old', index: 0 },
    { article_id: 'old', index: 1 },
  ]
  expect(inOrder(list).map((a) => a.article_id + a.index)).toEqual(['new0', 'new1', 'old0', 'old1', 'old2'])
})
