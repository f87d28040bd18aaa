import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { Refusal, Router, type Call } from './router.ts'
import { account } from './routes/account.ts'
import { citizen } from './routes/citizen.ts'
import { conversation } from './routes/conversation.ts'
import { form } from './routes/form.ts'
import { flow } from './routes/flow.ts'
import { matter } from './routes/matter.ts'
import { menu } from './routes/menu.ts'
import { org } from './routes/org.ts'
import { reply } from './routes/reply.ts'
import { session } from './routes/session.ts'
import { system } from './routes/system.ts'
import { makeWorld, type World } from './world.ts'

/** The policy that the Go server sends; the preview of a build is served under it, so that a breach is seen at once. */
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** A console API in memory with an invented city, for working on faces without the Go server. Never in a build. */
export function mock(): Plugin {
  const world = makeWorld()
  const router = new Router()
  for (const add of [session, account, org, citizen, reply, menu, flow, matter, form, conversation, system]) add(router, world)
  const handle = (req: IncomingMessage, res: ServerResponse, next: () => void) => {
    res.setHeader('Content-Security-Policy-Report-Only', policy)
    if (!req.url?.startsWith('/console/api/')) return next()
    answer(router, world, req, res).catch((e) => reply500(res, e))
  }
  return {
    name: 'weizheng-mock',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => {
      server.middlewares.use((req, res, next) => {
        handle(req, res, () => {
          res.removeHeader('Content-Security-Policy-Report-Only')
          res.setHeader('Content-Security-Policy', policy)
          next()
        })
      })
    },
  }
}

async function answer(router: Router, world: World, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '', 'http://mock')
  const path = url.pathname.slice('/console/api'.length)
  const trouble = world.troubles.find((t) => path.startsWith(t.path) && (!t.method || t.method === request.method))
  await new Promise((done) => setTimeout(done, trouble?.delay ?? 60))
  if (trouble?.status === -1) return void request.socket.destroy()
  try {
    if (trouble?.status) throw new Refusal(trouble.status, 'mock.trouble', '')
    const hit = router.find(request.method ?? 'GET', path)
    if (!hit) throw new Refusal(404, 'not_found', '')
    if (!hit.route.open && !world.session) throw new Refusal(401, 'unauthenticated', '请先登录')
    const call: Call = { params: hit.params, query: url.searchParams, body: await readBody(request), request, response }
    const out = await hit.route.handle(call)
    if (response.headersSent) return
    response.statusCode = out === undefined ? 204 : 200
    response.setHeader('Content-Type', 'application/json')
    response.end(out === undefined ? undefined : JSON.stringify(out))
  } catch (e) {
    if (!(e instanceof Refusal)) throw e
    response.statusCode = e.status
    response.setHeader('Content-Type', 'application/problem+json')
    response.end(JSON.stringify(e.body))
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text ? (JSON.parse(text) as Record<string, unknown>) : {}
}

function reply500(response: ServerResponse, e: unknown) {
  console.error(e)
  if (response.headersSent) return
  response.statusCode = 500
  response.end(JSON.stringify({ status: 500, key: 'internal', request_id: 'mock-500' }))
}
