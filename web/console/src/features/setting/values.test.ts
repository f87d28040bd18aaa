import { expect, it } from 'vitest'
import type { Setting } from './api'
import { durationText, shelves, valueFault, valueText } from './values'

const setting = (more: Partial<Setting>): Setting => ({ name: 'reply.x', type: 'text', unit: '', default: '', value: '', text: '说明', source: '', scope: 'installation', min: 0, max: 0, from: '', own: false, editable: true, version: 0, changed_by: '', changed_at: 0, ...more })

it.each([
  ['72h30m0s', '3 天 30 分'],
  ['4h', '4 小时'],
  ['90s', '90 秒'],
  ['0s', '0'],
  ['3 days', ''],
  ['', ''],
])('duration %s reads "%s"', (value, text) => expect(durationText(value)).toBe(text))

it.each<[string, Setting, string, boolean]>([
  ['a number in range', setting({ type: 'int', min: 0, max: 365 }), '15', true],
  ['a number out of range', setting({ type: 'int', min: 0, max: 365 }), '366', false],
  ['no bounds given', setting({ type: 'int' }), '9999', true],
  ['words for a number', setting({ type: 'int' }), '十五', false],
  ['broken JSON', setting({ type: 'json' }), '{', false],
  ['a duration', setting({ type: 'duration' }), '72h', true],
  ['no duration', setting({ type: 'duration' }), '72', false],
])('%s', (_, s, value, good) => expect(valueFault(s, value) === '').toBe(good))

it('shows values as people read them', () => {
  expect(valueText(setting({ type: 'bool' }), 'true')).toBe('开')
  expect(valueText(setting({ type: 'int', unit: '天' }), '15')).toBe('15 天')
  expect(valueText(setting({}), '')).toBe('（空）')
})

it('puts settings on the shelf of their part and finds them by words', () => {
  const all = [setting({ name: 'reply.a', text: '欢迎语' }), setting({ name: 'web.idle', text: '多久退出' }), setting({ name: 'reply.b', text: '兜底' })]
  expect(shelves(all, '').map((s) => [s.title, s.settings.length])).toEqual([['应答', 2], ['登录与访问', 1]])
  expect(shelves(all, '退出').map((s) => s.title)).toEqual(['登录与访问'])
  expect(shelves(all, '没有')).toEqual([])
})
