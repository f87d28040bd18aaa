import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, get, onSessionEnd, post, Problem } from './client'
import { faultOf, told } from './problem'

const answer = (status: number, body?: unknown) => new Response(body === undefined ? null : JSON.stringify(body), { status })
afterEach(() => vi.unstubAllGlobals())

describe('address', () => {
  it('fills the path and leaves empty values out', () => {
    expect(address('/staff/{id}/grants', { path: { id: 7 }, query: { q: '', unit: undefined, cursor: 'a b', page: 0 } })).toBe('/console/api/staff/7/grants?cursor=a+b&page=0')
  })
  it('does not let a value break out of its place', () => {
    expect(address('/staff/{id}', { path: { id: '../x?y' } })).toBe('/console/api/staff/..%2Fx%3Fy')
  })
})

describe('call', () => {
  it('gives the body, and undefined for 204', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => answer(200, { a: 1 })))
    expect(await get('/counts')).toEqual({ a: 1 })
    vi.stubGlobal('fetch', vi.fn(async () => answer(204)))
    expect(await post('/logout')).toBeUndefined()
  })
  it('throws a problem with its faults', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => answer(422, { key: 'invalid', detail: '', request_id: 'r1', errors: [{ field: 'words.2', key: 'too_long', text: '太长' }] })))
    const e = await post('/logout', { body: {} }).catch((x: unknown) => x)
    expect(e).toBeInstanceOf(Problem)
    expect(faultOf(e, 'words')).toBe('太长')
    expect(faultOf(e, 'word')).toBe('')
  })
  it('says that no answer came when the network is away, and survives a page instead of a problem', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('failed'))))
    expect(told(await get('/counts').catch((x: unknown) => x))).toContain('网络没有连上')
    vi.stubGlobal('fetch', vi.fn(async () => new Response('<html>502</html>', { status: 502 })))
    expect(told(await get('/counts').catch((x: unknown) => x))).toContain('没有办成')
  })
  it('waits for a new login at the end of a session and repeats the call once', async () => {
    const again = vi.fn(async () => undefined)
    onSessionEnd(again)
    const fetched = vi.fn().mockResolvedValueOnce(answer(401)).mockResolvedValueOnce(answer(200, { ok: true }))
    vi.stubGlobal('fetch', fetched)
    expect(await post('/logout', { body: { text: '写了一半' } })).toEqual({ ok: true })
    expect(again).toHaveBeenCalledTimes(1)
    expect(fetched.mock.calls[1]?.[1]).toMatchObject({ body: JSON.stringify({ text: '写了一半' }) })
    vi.stubGlobal('fetch', vi.fn(async () => answer(401)))
    await expect(get('/session', { anonymous: true })).rejects.toBeInstanceOf(Problem)
    expect(again).toHaveBeenCalledTimes(1)
  })
})

it('tells the request number of a failure that has no words', () => {
  expect(told(new Problem(500, { request_id: 'abc' }))).toContain('abc')
  expect(told(new Problem(409, { detail: '赵强刚接待了他' }))).toBe('赵强刚接待了他')
})
