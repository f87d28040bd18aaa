import { describe, expect, it } from 'vitest'
import { faultOf, kindsFor, sentence, type FaultForm } from './faults'

const form = (part: Partial<FaultForm>): FaultForm => ({ path: '/cgi-bin/user/info', account: '', kind: 'code', code: '45009', delay: '3000', times: '1', ...part })

describe('faultOf', () => {
  it.each([
    ['code', {}, { path: '/cgi-bin/user/info', kind: 'code', times: 1, code: 45009 }],
    ['negative code', { code: '-1' }, { path: '/cgi-bin/user/info', kind: 'code', times: 1, code: -1 }],
    ['delay of a push, one account', { path: 'callback', kind: 'delay', account: 'zw' }, { path: 'callback', kind: 'delay', times: 1, account: 'zw', delay_ms: 3000 }],
    ['no needless fields', { path: 'callback', kind: 'duplicate', times: '3' }, { path: 'callback', kind: 'duplicate', times: 3 }],
  ] as [string, Partial<FaultForm>, object][])('%s', (_l, part, want) => {
    expect(faultOf(form(part))).toEqual({ fault: want })
  })
  it.each([
    ['path', { path: 'cgi-bin/user' }],
    ['no path', { path: '' }],
    ['code on a push', { path: 'callback' }],
    ['revoke on a push', { path: 'callback', kind: 'revoke' }],
    ['duplicate of a call', { kind: 'duplicate' }],
    ['no times', { times: '0' }],
    ['half times', { times: '1.5' }],
    ['code 0', { code: '0' }],
    ['no code', { code: '' }],
    ['no delay', { kind: 'delay', delay: '' }],
    ['endless delay', { kind: 'late', delay: '99999999' }],
  ] as [string, Partial<FaultForm>][])('refuses: %s', (_l, part) => {
    expect(faultOf(form(part))).toHaveProperty('wrong')
  })
})

it('offers only what is possible there', () => {
  expect(kindsFor('callback').map((k) => k.kind)).toEqual(['delay', 'drop', 'duplicate', 'late'])
  expect(kindsFor('/cgi-bin/*').map((k) => k.kind)).not.toContain('duplicate')
})

it('says what it does', () => {
  expect(sentence({ path: 'callback', kind: 'delay', delay_ms: 4000, times: 1 })).toBe('变慢（4000 毫秒）')
  expect(sentence({ path: '/x', kind: 'code', code: 45009, times: 1 })).toBe('返回错误码（errcode 45009）')
})
