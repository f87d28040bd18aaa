// The sandbox's own JSON API: how tests play what happens outside of a window.
import { randomUUID } from 'node:crypto'
import { eventually } from './expect.js'
import { house } from './house.js'

async function call(method, path, body) {
  const { sandbox } = await house()
  const answer = await fetch(`${sandbox}/sandbox/api${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`sandbox ${method} ${path}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

export const box = {
  get: (path) => call('GET', path),
  post: (path, body) => call('POST', path, body),
  put: (path, body) => call('PUT', path, body),
  patch: (path, body) => call('PATCH', path, body),
  del: (path) => call('DELETE', path),
}

/** A citizen nobody has met yet, who follows the accounts named and was welcomed by each. */
export async function newCitizen(name, ...accounts) {
  const id = 'e2e-' + randomUUID().slice(0, 8)
  await box.post('/citizens', { id, name })
  for (const account of accounts) {
    await box.post('/follow', { account, citizen: id })
    await eventually(`${account} welcomes`, async () => {
      const { items } = await box.get(`/chat?account=${account}&citizen=${id}`)
      return items.some((i) => i.from === 'account')
    })
  }
  return { id, name, says: (content, account = 'qingyun') => box.post('/messages', { account, citizen: id, type: 'text', content }) }
}
