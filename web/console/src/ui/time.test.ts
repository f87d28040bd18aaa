import { describe, expect, it } from 'vitest'
import { dateText, dayEnd, dayStart, dayText, exactText, fromPicker, limitText, momentText, sameDay, shortText, spanText, toPicker } from './time'

const at = (text: string) => Date.parse(text + '+08:00')
const now = at('2026-11-20T10:00:00')

describe('moments as people say them', () => {
  it.each([
    ['the same day', '2026-11-20T09:30:12', '今天 09:30', '09:30'],
    ['the day before', '2026-11-19T23:59:59', '昨天 23:59', '昨天'],
    ['the day after', '2026-11-21T00:00:00', '明天 00:00', '11月21日'],
    ['this year', '2026-11-18T09:30:00', '11月18日 周三 09:30', '11月18日'],
    ['another year', '2025-01-02T09:30:00', '2025年1月2日 09:30', '2025年1月2日'],
  ])('%s', (_, text, long, short) => {
    expect(momentText(at(text), now)).toBe(long)
    expect(shortText(at(text), now)).toBe(short)
  })
  it('is Shanghai whatever the computer says', () => {
    expect(momentText(Date.UTC(2026, 10, 19, 16, 0), now)).toBe('今天 00:00')
    expect(exactText(Date.UTC(2026, 10, 20, 1, 30, 12))).toBe('2026-11-20 09:30:12')
  })
  it('reads a limit as a date, even today', () => {
    expect(limitText(at('2026-11-20T18:00:00'), now)).toBe('11月20日 18:00')
    expect(limitText(at('2027-01-01T09:30:00'), now)).toBe('2027年1月1日 09:30')
  })
  it('heads the days of a talk', () => {
    expect(dayText(now, now)).toBe('今天')
    expect(dayText(at('2026-11-18T09:30:00'), now)).toBe('11月18日 周三')
    expect(dateText(now)).toBe('11月20日 周五')
    expect(sameDay(at('2026-11-20T00:00:00'), at('2026-11-20T23:59:00'))).toBe(true)
    expect(sameDay(at('2026-11-19T23:59:00'), at('2026-11-20T00:00:00'))).toBe(false)
  })
})

describe('spans', () => {
  it.each([
    [0, '不到 1 分钟'],
    [12 * 60_000, '12 分钟'],
    [60 * 60_000, '1 小时'],
    [200 * 60_000, '3 小时 20 分'],
    [24 * 3600_000, '1 天'],
    [52 * 3600_000, '2 天 4 小时'],
  ])('%d ms is %s', (ms, text) => expect(spanText(ms)).toBe(text))
})

describe('days and pickers', () => {
  it('gives the edges of a day', () => {
    expect(dayStart('2026-11-20')).toBe(at('2026-11-20T00:00:00'))
    expect(dayEnd('2026-11-20')).toBe(at('2026-11-20T23:59:59') + 999)
    expect(dayStart('20.11.2026')).toBeNull()
    expect(dayEnd('')).toBeNull()
  })
  it('a picker gives back what it was given', () => {
    expect(fromPicker(toPicker(now))).toBe(now)
    expect(toPicker(now)?.getHours()).toBe(10)
    expect(fromPicker(null)).toBeNull()
    expect(toPicker(0)).toBeNull()
  })
})
