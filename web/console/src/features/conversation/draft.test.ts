import { beforeEach, expect, it, vi } from 'vitest'
import { forgetDrafts, hasDraft, readDraft, writeDraft } from './draft'

beforeEach(() => {
  const held = {} as Record<string, string>
  const storage = {
    getItem: (k: string) => held[k] ?? null,
    setItem: (k: string, v: string) => Object.defineProperty(storage, k, { value: (held[k] = v), enumerable: true, configurable: true }),
    removeItem: (k: string) => (delete held[k], delete (storage as Record<string, unknown>)[k]),
  }
  for (const name of ['getItem', 'setItem', 'removeItem']) Object.defineProperty(storage, name, { enumerable: false })
  vi.stubGlobal('localStorage', storage)
})
const day = 24 * 3600_000

it('keeps unsent text per person and conversation, with its key', () => {
  writeDraft('limin', 7, '写了一半', 'k', 0)
  expect(readDraft('limin', 7, day)).toEqual({ text: '写了一半', key: 'k', at: 0 })
  expect(readDraft('zhaoqiang', 7, day)).toBeNull()
  expect(hasDraft('limin', 8)).toBe(false)
})
it('forgets it when sent, when old, and when the person leaves', () => {
  writeDraft('limin', 7, '写了一半', 'k', 0)
  writeDraft('limin', 7, '', 'k', 1)
  expect(hasDraft('limin', 7)).toBe(false)
  writeDraft('limin', 8, '旧的', 'k', 0)
  expect(readDraft('limin', 8, 4 * day)).toBeNull()
  expect(hasDraft('limin', 8)).toBe(false)
  writeDraft('limin', 9, '甲', 'k', 0)
  writeDraft('zhaoqiang', 9, '乙', 'k', 0)
  forgetDrafts('limin')
  expect(hasDraft('limin', 9)).toBe(false)
  expect(hasDraft('zhaoqiang', 9)).toBe(true)
})
