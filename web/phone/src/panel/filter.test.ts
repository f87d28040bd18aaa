import { describe, expect, it } from 'vitest'
import type { Entry } from '../api/kinds'
import { gather, isBad, matches, titleOf, type WireFilter } from './filter'

const entry = (part: Partial<Entry>): Entry => ({
  id: 1, at: 0, dir: 'callback', account: 'a', citizen: 'c', method: 'POST', path: '/wx/a', status: 200, took_ms: 3, request: '', response: 'success', attempt: 1, ...part,
})
const all: WireFilter = { dir: '', account: '', citizen: '', bad: false, words: '' }

describe('matches', () => {
  it.each([
    ['everything', {}, {}, true],
    ['direction', { dir: 'api' }, {}, false],
    ['account', { account: 'b' }, {}, false],
    ['citizen', { citizen: 'c' }, {}, true],
    ['only bad hides good', { bad: true }, {}, false],
    ['only bad shows an error code', { bad: true }, { dir: 'api', code: 45009 }, true],
    ['only bad shows a repeat', { bad: true }, { attempt: 2 }, true],
    ['words in the decrypted body', { words: '社保' }, { request_plain: '<Content>查社保</Content>' }, true],
    ['words in no body', { words: '社保' }, {}, false],
    ['words without case', { words: 'TOKEN' }, { path: '/cgi-bin/stable_token' }, true],
  ] as [string, Partial<WireFilter>, Partial<Entry>, boolean][])('%s', (_l, f, e, want) => {
    expect(matches(entry(e), { ...all, ...f })).toBe(want)
  })
})

it('a dropped connection is bad, an ok answer is not', () => {
  expect(isBad(entry({ status: 0, error: 'timeout' }))).toBe(true)
  expect(isBad(entry({}))).toBe(false)
})

it('gather keeps the newest, newest first, once each', () => {
  const got = gather([entry({ id: 2 }), entry({ id: 1 })], [entry({ id: 2, status: 500 }), entry({ id: 3 })], 2)
  expect(got.map((e) => [e.id, e.status])).toEqual([[3, 200], [2, 500]])
})

it.each([
  ['<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content></xml>', '消息 text 你好'],
  ['<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[K1]]></EventKey></xml>', '事件 CLICK K1'],
  ['<xml><MsgType>image</MsgType></xml>', '消息 image'],
  ['', '/wx/a'],
])('titleOf %s', (body, want) => {
  expect(titleOf(entry({ request_plain: body }))).toBe(want)
})
