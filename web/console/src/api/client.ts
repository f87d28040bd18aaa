import { Problem } from './problem'
import type { paths } from './schema'

export { Problem, told, faultOf } from './problem'

/** A page of a list; next is '' at the end. */
export interface Page<T> {
  items: T[]
  next: string
}

type Value = string | number | boolean | null | undefined

export interface Options {
  /** Fills the {names} of the path. */
  path?: Record<string, string | number>
  /** Empty values are left out. */
  query?: Record<string, Value>
  body?: unknown
  signal?: AbortSignal
  /** Do not offer to log in again on 401: the call itself is about logging in. */
  anonymous?: boolean
}

/** Nobody waits longer than this for one answer, in ms. */
const patience = 20_000

let logInAgain: (() => Promise<void>) | null = null

/** Says what to do when the session has ended: resolve once it is there again, and the call is repeated. */
export function onSessionEnd(fn: () => Promise<void>) {
  logInAgain = fn
}

/** Fills a path template and its query. */
export function address(path: string, options: Options = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(options.path?.[name] ?? '')))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const tail = query.toString()
  return '/console/api' + filled + (tail ? '?' + tail : '')
}

async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options)
  if (response.status === 401 && !options.anonymous && logInAgain) {
    await logInAgain()
    return call<T>(method, path, { ...options, anonymous: true })
  }
  if (!response.ok) throw new Problem(response.status, await problemBody(response))
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), patience)
  options.signal?.addEventListener('abort', () => giveUp.abort())
  try {
    return await fetch(address(path, options), {
      method,
      credentials: 'same-origin',
      headers: options.body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: giveUp.signal,
    })
  } catch (e) {
    if (options.signal?.aborted) throw e
    throw new Problem(0)
  } finally {
    clearTimeout(timer)
  }
}

async function problemBody(response: Response) {
  try {
    return await response.json()
  } catch {
    return {} // a proxy's HTML page says nothing that a clerk could use
  }
}

/** The server's own description says which addresses take which method: a call that nobody answers does not compile. */
type Routes<M extends string> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths]
type Path<M extends string> = Routes<M> extends infer P ? (P extends `/console/api${infer Rest}` ? Rest : never) : never

export const get = <T>(path: Path<'get'>, options?: Options) => call<T>('GET', path, options)
export const post = <T = void>(path: Path<'post'>, options?: Options) => call<T>('POST', path, options)
export const put = <T = void>(path: Path<'put'>, options?: Options) => call<T>('PUT', path, options)
export const patch = <T = void>(path: Path<'patch'>, options?: Options) => call<T>('PATCH', path, options)
export const del = <T = void>(path: Path<'delete'>, options?: Options) => call<T>('DELETE', path, options)
