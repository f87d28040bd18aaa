import { afterEach, expect, it, vi } from 'vitest'
import { pendingOf, send, withdraw } from './outbox'

const line = { id: 9, text: '好' }
const ok = () => new Response(JSON.stringify(line), { status: 200 })
afterEach(() => vi.unstubAllGlobals())

it('sends once while it is on its way, however often it is asked', async () => {
  let arrive = (_: Response) => {}
  const fetched = vi.fn(() => new Promise<Response>((resolve) => (arrive = resolve)))
  vi.stubGlobal('fetch', fetched)
  const first = send(1, '好', 'k1', 0)
  expect(await send(1, '好', 'k1', 0)).toBeNull()
  expect(fetched).toHaveBeenCalledTimes(1)
  expect(pendingOf(1)).toMatchObject([{ key: 'k1', state: 'sending' }])
  arrive(ok())
  expect(await first).toEqual(line)
  expect(pendingOf(1)).toEqual([])
})

it('keeps a lost answer and sends it again with the same key', async () => {
  const fetched = vi.fn((_url: string, _options: RequestInit) => Promise.reject<Response>(new TypeError('offline')))
  vi.stubGlobal('fetch', fetched)
  expect(await send(2, '好', 'k2', 0)).toBeNull()
  expect(pendingOf(2)).toMatchObject([{ key: 'k2', state: 'lost' }])
  fetched.mockImplementationOnce(async () => ok())
  expect(await send(2, '好', 'k2', 0)).toEqual(line)
  expect(fetched.mock.calls.map((c) => JSON.parse(String(c[1].body)).key)).toEqual(['k2', 'k2'])
  expect(pendingOf(2)).toEqual([])
})

it('treats a failing server as lost, for the line may stand there', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response('{}', { status: 503 })))
  await send(3, '好', 'k3', 0)
  expect(pendingOf(3)).toMatchObject([{ state: 'lost' }])
  expect(withdraw(3, 'k3')).toBe('好')
  expect(pendingOf(3)).toEqual([])
})

it('gives a refusal back, with nothing pending', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ key: 'conversation.claimed', detail: '赵强刚接待了' }), { status: 409 })))
  await expect(send(4, '好', 'k4', 0)).rejects.toMatchObject({ status: 409 })
  expect(pendingOf(4)).toEqual([])
})
