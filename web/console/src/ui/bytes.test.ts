import { expect, it } from 'vitest'
import { bytes, roomText } from './bytes'

it.each([
  ['', 0],
  ['abc', 3],
  ['办事', 6],
  ['é', 2],
  ['😀', 4],
])('%s has %d bytes', (text, n) => expect(bytes(text)).toBe(n))

it('says what is left and what is over, in characters too', () => {
  expect(roomText('办事大厅', 16)).toBe('还可写 4 字节（约 1 个汉字）')
  expect(roomText('办事大厅预约', 16)).toBe('超出 2 字节，请删去约 1 个汉字')
})
