import { describe, expect, it } from 'vitest'
import { bubbleLabel, cityTime, dayGap, fromField, groupStarts, rowLabel, span, toField, took, exact } from './label'

const at = (s: string) => Date.parse(s + '+08:00')
const now = at('2026-11-20T15:40:00') // a Friday

describe('labels', () => {
  it.each([
    ['2026-11-20T09:30:00', '09:30', '09:30'],
    ['2026-11-20T00:00:00', '00:00', '00:00'],
    ['2026-11-19T23:59:00', '昨天 23:59', '昨天'],
    ['2026-11-18T08:05:00', '周三 08:05', '周三'],
    ['2026-11-14T08:05:00', '周六 08:05', '周六'],
    ['2026-11-13T08:05:00', '11月13日 08:05', '11月13日'],
    ['2025-12-31T08:05:00', '2025年12月31日 08:05', '2025/12/31'],
    ['2026-11-21T08:05:00', '11月21日 08:05', '11月21日'], // later than now: a clock that was moved
  ])('%s', (when, bubble, row) => {
    expect(bubbleLabel(at(when), now)).toBe(bubble)
    expect(rowLabel(at(when), now)).toBe(row)
  })

  it('uses the city’s day, not the reader’s', () => {
    expect(cityTime(Date.parse('2026-11-19T16:00:00Z'))).toMatchObject({ day: 20, hour: 0, weekday: '周五' })
    expect(dayGap(Date.parse('2026-11-19T15:59:59Z'), Date.parse('2026-11-19T16:00:00Z'))).toBe(1)
    expect(exact(Date.parse('2026-11-19T16:00:05Z'))).toBe('2026-11-20 00:00:05')
  })
})

describe('groupStarts', () => {
  it('opens at the first and after more than five minutes since the last line', () => {
    const m = 60_000
    expect(groupStarts([0, 4 * m, 5 * m, 6 * m, 30 * m])).toEqual([true, false, false, true, true])
    expect(groupStarts([])).toEqual([])
  })
})

describe('fields', () => {
  it('goes there and back in city time', () => {
    expect(toField(now)).toBe('2026-11-20T15:40')
    expect(fromField('2026-11-20T15:40')).toBe(now)
  })
  it.each(['', '2026-11-20', 'morgen', '2026-13-01T00:00'])('refuses %s', (s) => {
    expect(Number.isNaN(fromField(s))).toBe(true)
  })
})

it('spans and elapsed times', () => {
  expect(span(3_600_000)).toBe('1 小时')
  expect(span(26 * 3_600_000)).toBe('1 天 2 小时')
  expect(span(90 * 60_000)).toBe('1 小时 30 分钟')
  expect(span(24 * 3_600_000 - 1000)).toBe('1 天')
  expect(span(1000)).toBe('不到 1 分钟')
  expect(took(0)).toBe('不到 1 毫秒')
  expect(took(12.4)).toBe('12 毫秒')
  expect(took(5003)).toBe('5.00 秒')
})
