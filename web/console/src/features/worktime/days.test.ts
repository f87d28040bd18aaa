import { expect, it } from 'vitest'
import type { Day, Week } from './api'
import { monthOf, parseSpans, stateText, weekLines } from './days'

const day = (date: string, more: Partial<Day>): Day => ({ date, working: false, name: '', local: false, half: false, spans: [], ...more })

it('lays a month out from Monday, with words on the days that differ', () => {
  const special = new Map([
    ['2026-10-01', day('2026-10-01', { name: '国庆节' })],
    ['2026-10-10', day('2026-10-10', { name: '国庆节', working: true })],
    ['2026-10-14', day('2026-10-14', { name: '半天', working: true, local: true, half: true, spans: [{ from: '09:00', to: '12:00' }] })],
  ])
  const weeks = monthOf(2026, 10, special)
  expect(weeks[0]!.slice(0, 3)).toEqual([null, null, null])
  expect(weeks.flat().filter(Boolean)).toHaveLength(31)
  const cell = (n: number) => weeks.flat().find((c) => c?.number === n)!
  expect(cell(1)).toMatchObject({ mark: '休', working: false, said: '10月1日 周四，国庆节，放假' })
  expect(cell(10)).toMatchObject({ mark: '班', working: true, said: '10月10日 周六，国庆节，调休上班' })
  expect(cell(14)).toMatchObject({ mark: '半', said: '10月14日 周三，半天，办公时间 09:00–12:00' })
  expect(cell(11)).toMatchObject({ mark: '', working: false, said: '10月11日 周日，周末' })
  expect(cell(12)).toMatchObject({ mark: '', working: true })
})

it.each([
  ['09:00-12:00, 13:30-17:30', [{ from: '09:00', to: '12:00' }, { from: '13:30', to: '17:30' }]],
  ['9:00至12:00', [{ from: '09:00', to: '12:00' }]],
  ['', []],
  ['不办公', []],
  ['12:00-9:00', null],
  ['上午', null],
  ['09:70-12:00', null],
])('reads "%s"', (text, spans) => expect(parseSpans(text)).toEqual(spans))

it('puts days with the same hours together', () => {
  const am = [{ from: '09:00', to: '12:00' }]
  const week: Week = { mon: am, tue: am, wed: am, thu: am, fri: am, sat: [], sun: [] }
  expect(weekLines(week)).toEqual([{ days: '周一至周五', hours: '09:00–12:00' }, { days: '周六至周日', hours: '不办公' }])
})

it('says what a day was', () => {
  expect(stateText(day('2027-01-03', {}))).toBe('周末')
  expect(stateText(day('2027-01-03', { working: true, name: '元旦' }))).toBe('上班（元旦）')
  expect(stateText(day('2027-02-08', { name: '春节' }))).toBe('放假（春节）')
})
