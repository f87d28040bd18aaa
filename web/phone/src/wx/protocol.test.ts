import { describe, expect, it } from 'vitest'
import { event, number, originOf, readMessage, refusal, result, texts, throughProxy } from './protocol'

describe('readMessage', () => {
  it.each([
    [{ weizheng_phone: { call: 'getLocation', id: 3, args: { type: 'gcj02' } } }, { call: 'getLocation', id: 3, args: { type: 'gcj02' } }],
    [{ weizheng_phone: { note: 'page', args: { title: '办事' } } }, { note: 'page', args: { title: '办事' } }],
    [{ weizheng_phone: { call: 'x', id: 1 } }, { call: 'x', id: 1, args: {} }],
    [{ weizheng_phone: { call: 'x', id: 1, args: [1] } }, { call: 'x', id: 1, args: {} }],
    [{ weizheng_phone: { call: 'x', id: '1' } }, null],
    [{ weizheng_phone: null }, null],
    [{ other: 1 }, null],
    ['text', null],
    [null, null],
  ])('%j', (data, want) => {
    expect(readMessage(data)).toEqual(want)
  })
})

it('answers', () => {
  expect(result(7, undefined)).toEqual({ weizheng_phone: { id: 7, result: {} } })
  expect(refusal(7, 'cancel')).toEqual({ weizheng_phone: { id: 7, error: 'cancel' } })
  expect(event('font', { scale: 1.2 })).toEqual({ weizheng_phone: { event: 'font', args: { scale: 1.2 } } })
})

it('origin of a phone', () => {
  expect(originOf('c1', '8090')).toBe('http://c1.localhost:8090')
  expect(originOf('c1', '')).toBe('http://c1.localhost')
})

it('values of a page are taken only as what they should be', () => {
  expect(number('3.5')).toBe(3.5)
  expect(number(Number.NaN, 9)).toBe(9)
  expect(number({}, 9)).toBe(9)
  expect(texts(['a', 1, 'b'])).toEqual(['a', 'b'])
  expect(texts('a')).toEqual([])
})

describe('throughProxy', () => {
  const page = 'http://127.0.0.1:8080/c/a/ticket/1'
  const frame = 'http://c1.localhost:8090/c/a/ticket/1'
  it.each([
    ['/f/12?s=1', 'http://c1.localhost:8090/f/12?s=1'],
    ['http://127.0.0.1:8080/f/12', 'http://c1.localhost:8090/f/12'],
    ['https://other.cn/a.png', 'https://other.cn/a.png'],
    ['javascript:alert(1)', ''],
    ['data:image/svg+xml,x', ''],
  ])('%s', (url, want) => {
    expect(throughProxy(url, page, frame)).toBe(want)
  })
})
