import { describe, expect, it } from 'vitest'
import type { Field } from './api'
import { say } from './say'

const field = (f: Partial<Field>): Field => ({ name: 'x', label: '问', kind: 'text', ...f })
const places = [{ code: '2', parent: '1', name: '书院街', level: 4 }, { code: '1', parent: '', name: '云东区', level: 3 }]

describe('values in words', () => {
  it.each<[string, Partial<Field>, unknown, string]>([
    ['nothing', {}, undefined, ''],
    ['a choice by its label', { kind: 'choice', options: [{ value: 'a', label: '低保户' }] }, 'a', '低保户'],
    ['own words', { kind: 'choice', other: true }, '=邻居', '其他：邻居'],
    ['fen as yuan', { kind: 'money' }, 1250, '12.50 元'],
    ['masked money', { kind: 'money' }, '***', '***'],
    ['a unit', { kind: 'number', unit: '天' }, 3, '3 天'],
    ['a place with those above', { kind: 'place' }, '2', '云东区书院街'],
    ['a period', { kind: 'date', period: true }, { from: '2026-01-01', to: '2026-02-01' }, '2026-01-01 至 2026-02-01'],
    ['rows', { kind: 'group', fields: [field({ name: 'n', label: '姓名' }), field({ name: 'a', label: '年龄', kind: 'number' })] }, [{ n: '甲', a: 3 }, { n: '乙' }], '姓名 甲，年龄 3；姓名 乙'],
  ])('%s', (_, f, value, want) => {
    expect(say(field(f), value, places)).toBe(want)
  })
})
