import { expect, it } from 'vitest'
import { concerns, hintOf, pause } from './live'

it.each([
  ['{"topic":"chat","account":"zw","citizen":"c1"}', { topic: 'chat', account: 'zw', citizen: 'c1' }],
  ['{"topic":7}', null],
  ['null', null],
  ['broken', null],
])('hintOf %s', (data, want) => {
  expect(hintOf(data)).toEqual(want)
})

it('hears its own hints and those of nobody', () => {
  expect(concerns({ topic: 'chat', citizen: 'c1' }, 'c1')).toBe(true)
  expect(concerns({ topic: 'chat', citizen: 'c2' }, 'c1')).toBe(false)
  expect(concerns({ topic: 'clock' }, 'c1')).toBe(true)
})

it('waits longer each time, at most ten seconds', () => {
  expect([1, 2, 3, 4, 5, 9].map(pause)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
})
