import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a handler of the mock gets. */
export interface Call {
  params: Record<string, string>
  query: URLSearchParams
  body: Record<string, unknown>
  request: IncomingMessage
  response: ServerResponse
}

/** A refusal in the form of RFC 9457. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  constructor(status: number, key: string, detail: string, errors: { field: string; key: string; text: string }[] = []) {
    super(key)
    this.status = status
    this.body = { type: 'about:blank', title: key, status, key, detail, request_id: 'mock-' + Math.random().toString(36).slice(2, 8), errors }
  }
}

export type Handler = (call: Call) => unknown
interface Route {
  method: string
  pattern: RegExp
  names: string[]
  open: boolean
  handle: Handler
}

/** A tiny router: on('GET /staff/:id', handler). A handler that returns undefined has answered 204. */
export class Router {
  readonly routes: Route[] = []

  on(what: string, handle: Handler, open = false) {
    const [method = '', path = ''] = what.split(' ')
    const names: string[] = []
    const pattern = path.replace(/:(\w+)/g, (_, name: string) => {
      names.push(name)
      return '([^/]+)'
    })
    this.routes.push({ method, pattern: new RegExp(`^${pattern}$`), names, open, handle })
  }

  find(method: string, path: string) {
    for (const r of this.routes) {
      const hit = r.method === method ? r.pattern.exec(path) : null
      if (hit) return { route: r, params: Object.fromEntries(r.names.map((n, i) => [n, decodeURIComponent(hit[i + 1] ?? '')])) }
    }
    return null
  }
}

/** A keyset page of an array: the cursor is the place of the next row. */
export function page<T>(rows: T[], query: URLSearchParams, size = 50) {
  const from = Number(query.get('cursor') || 0)
  const limit = Number(query.get('limit') || size)
  return { items: rows.slice(from, from + limit), next: from + limit < rows.length ? String(from + limit) : '' }
}
