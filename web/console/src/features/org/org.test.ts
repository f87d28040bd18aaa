import { describe, expect, it } from 'vitest'
import type { Unit } from './api'
import { grantsFault, grantText } from './grants'
import { movable, pathText, treeOf } from './tree'

const unit = (id: number, parent_id: number, path: string, name = `U${id}`): Unit => ({ id, parent_id, path, name, short: '', level: '', closed: false, staff_count: 0, version: 1 })
const units = [unit(1, 0, '/1/', '青云市'), unit(2, 1, '/1/2/', '人社局'), unit(3, 2, '/1/2/3/', '社保中心'), unit(4, 1, '/1/4/', '交警')]

describe('the tree of units', () => {
  it('hangs units under their parents', () => {
    const [root] = treeOf(units)
    expect(root?.children.map((b) => b.label)).toEqual(['人社局', '交警'])
    expect(root?.children[0]?.children.map((b) => b.label)).toEqual(['社保中心'])
  })
  it('makes a root of a unit whose parent is out of reach', () => {
    expect(treeOf(units.slice(1)).map((b) => b.label)).toEqual(['人社局', '交警'])
  })
  it('names the way down, as far as it is in reach', () => {
    expect(pathText(units, 3)).toBe('青云市 / 人社局 / 社保中心')
    expect(pathText(units.slice(1), 3)).toBe('人社局 / 社保中心')
    expect(pathText(units, 99)).toBe('')
  })
  it('does not move a unit below itself', () => {
    expect(movable(units, units[1]!).map((u) => u.id)).toEqual([1, 4])
  })
})

describe('grants', () => {
  const grant = { role: 'agent', unit_id: 2, account_id: 0, until_at: 0 }
  const roles = [{ key: 'agent', name: '客服', text: '', duty: '', permissions: [], gives: [], builtin: true, version: 1 }]
  it('reads as a sentence', () => {
    const say = (g: typeof grant) => grantText(g, roles, units, () => '青云人社', () => '2026-12-31')
    expect(say(grant)).toBe('客服，在 人社局 及下属单位')
    expect(say({ ...grant, account_id: 3, until_at: 1 })).toBe('客服，在 人社局 及下属单位，只限 青云人社，到 2026-12-31')
  })
  it('finds unfinished and double rows', () => {
    expect(grantsFault([grant])).toBe('')
    expect(grantsFault([{ ...grant, role: '' }])).not.toBe('')
    expect(grantsFault([grant, { ...grant, until_at: 5 }])).not.toBe('')
  })
})
