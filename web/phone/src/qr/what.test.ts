import { expect, it } from 'vitest'
import { scanned } from './what'

it.each([
  [' https://a.cn/x ', { url: 'https://a.cn/x' }],
  ['http://weixin.qq.com/q/02abc', { url: 'http://weixin.qq.com/q/02abc' }],
  ['gQEg8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAy', { ticket: 'gQEg8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAy' }],
  ['6901234567892', null],
  ['你好', null],
  ['javascript:alert(1)', null],
  ['', null],
])('%s', (text, want) => {
  expect(scanned(text)).toEqual(want)
})
