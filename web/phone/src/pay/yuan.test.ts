import { describe, expect, it } from 'vitest'
import { typed, yuan } from './yuan'

describe('money', () => {
  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [2050, '20.50'],
    [100_000, '1,000.00'],
    [123_456_789, '1,234,567.89'],
    [-305, '-3.05'],
  ])('%i fen', (fen, want) => expect(yuan(fen)).toBe(want))
})

describe('the password', () => {
  it.each([
    ['', '1', '1'],
    ['12345', '6', '123456'],
    ['123456', '7', '123456'],
    ['12', 'Backspace', '1'],
    ['', 'Backspace', ''],
    ['12', 'a', '12'],
    ['12', 'Enter', '12'],
  ])('%j and then %s', (before, key, want) => expect(typed(before, key)).toBe(want))
})
