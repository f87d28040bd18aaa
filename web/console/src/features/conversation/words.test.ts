import { describe, expect, it } from 'vitest'
import type { Line } from './api'
import { eventText, lastText, mediaText, mergeLines, reasonOk, references, stateText, waitTone, windowText } from './words'

const now = Date.parse('2026-11-20T10:00:00+08:00')
const hour = 3600_000

describe('the window', () => {
  it.each([
    ['some left', { left: 4, until_at: now + 47.5 * hour, reason: '' }, '剩 4 条 · 至 11月22日 09:30', false, false],
    ['the last one', { left: 1, until_at: now + 40 * hour, reason: '' }, '剩 1 条 · 至 11月22日 02:00', false, true],
    ['the last hours', { left: 4, until_at: now + hour, reason: '' }, '剩 4 条 · 至 11月20日 11:00', false, true],
    ['not counted', { left: -1, until_at: now + 40 * hour, reason: '' }, '不限条数 · 至 11月22日 02:00', false, false],
  ])('%s', (_, w, text, shut, low) => expect(windowText(w, now)).toEqual({ text, shut, low }))

  it('says why nothing can be sent, and what opens it again', () => {
    expect(windowText({ left: 0, until_at: now + hour, reason: '' }, now)).toMatchObject({ shut: true, text: '微信给的条数用完了。他再来一条消息就能接着答。' })
    expect(windowText({ left: 3, until_at: now - 1, reason: '' }, now).text).toContain('超过 48 小时')
    expect(windowText({ left: 0, until_at: 0, reason: '对方还没有发过消息。' }, now)).toMatchObject({ shut: true, text: '对方还没有发过消息。' })
  })
})

it('names what became of a line', () => {
  expect(stateText('sent')?.text).toBe('已送达')
  expect(stateText('refused', '群众已取消关注')?.text).toBe('被拒：群众已取消关注')
  expect(stateText('uncertain')).toMatchObject({ kind: 'warn', text: '不确定他收到没有' })
  expect(stateText('')).toBeNull()
})

it('tells who said the last thing', () => {
  expect(lastText({ text: '好', kind: 'text', from: 'staff' })).toBe('答：好')
  expect(lastText({ text: '', kind: 'image', from: 'citizen' })).toBe('［图片］')
  expect(lastText({ text: 'VIEW', kind: 'event', from: 'system' })).toBe('打开了菜单里的网页')
  expect(lastText({ text: '您好', kind: 'text', from: 'rule' })).toBe('自动：您好')
})

it.each([[hour, ''], [4 * hour, 'warn'], [24 * hour, 'bad']])('a wait of %d ms sounds "%s"', (ms, tone) => expect(waitTone(ms)).toBe(tone))

it('finds references to hidden values', () => {
  expect(references('电话 ⟦手机①⟧ 谢谢')).toEqual([
    { text: '电话 ', hidden: false },
    { text: '手机①', hidden: true },
    { text: ' 谢谢', hidden: false },
  ])
})

describe('mergeLines', () => {
  const line = (id: number, state: Line['state'] = ''): Line => ({ id, from: 'staff', by: null, kind: 'text', text: '', detail: {}, at: id, state, problem: '' })
  it('orders by id and takes the newest reading', () => {
    const out = mergeLines([line(1), line(3, 'sending')], [line(3, 'sent'), line(2)])
    expect(out.map((l) => [l.id, l.state])).toEqual([[1, ''], [2, ''], [3, 'sent']])
  })
})

it('tells an event without what only machines understand', () => {
  expect(eventText('VIEW', 'https://example.gov.cn/c/qingyun/me')).toBe('打开了菜单里的网页')
  expect(eventText('CLICK', 'reply:11')).toBe('点了菜单')
  expect(eventText('subscribe', 'qrscene_大厅三号窗')).toBe('关注了公众号“大厅三号窗”')
  expect(eventText('SCAN', '大厅三号窗')).toBe('扫了二维码“大厅三号窗”')
  expect(eventText('poi_check_notify')).toBe('微信事件 poi_check_notify')
})

it.each([['', false], [' 查 ', false], ['核对', true], ['查'.repeat(200), true], ['查'.repeat(201), false]])('a reason of "%s" will do: %s', (reason, ok) => expect(reasonOk(reason)).toBe(ok))

it('says where a file is', () => {
  const m = { url: '', content_type: '', shown: false, size: 0 }
  expect(mediaText({ ...m, state: 'waiting', problem: '' }, '图片')).toBe('正在取图片…')
  expect(mediaText({ ...m, state: 'gone', problem: '已过三天，微信不再保存。' }, '语音')).toBe('语音取不到：已过三天，微信不再保存。')
  expect(mediaText({ ...m, state: 'kept', problem: '' }, '图片')).toBe('')
})
