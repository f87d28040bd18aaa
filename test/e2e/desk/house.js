// The house under test: the built binary's demo in a folder of its own, started once for all files and stopped at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** How long the first start may take on a busy machine, in ms; it builds a city. */
const patience = 120_000

let running

/** The one house of this run: `{app, console, sandbox, accounts, staff, citizens}` as demo.json has it. */
export function house() {
  running ??= start()
  return running.then((h) => h.demo)
}

/** Ends the house and removes its folder. Whoever runs files calls it once, at the very end. */
export async function leaveHouse() {
  if (!running) return
  const h = await running.catch(() => null)
  running = undefined
  await h?.stop()
}

async function start() {
  const binary = process.env.BINARY || join(root, 'bin', 'weizheng')
  if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\`, or name one in BINARY`)
  const data = await mkdtemp(join(tmpdir(), 'weizheng-e2e-'))
  const [one, two] = await freePorts(2)
  const said = []
  const child = spawn(binary, ['demo', '--listen', `127.0.0.1:${one}`, '--sandbox-listen', `127.0.0.1:${two}`, '--data', data])
  const gone = once(child, 'exit').then(([code]) => code)
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (b) => said.push(b.toString()))
  // A run that is broken off must not leave a house behind.
  const drop = () => {
    child.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true })
  }
  process.once('exit', drop)
  const leave = () => process.exit(1) // a signal alone would pass over 'exit'
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave)

  async function stop() {
    process.off('exit', drop)
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, leave)
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await gone
    clearTimeout(late)
    await rm(data, { recursive: true, force: true })
  }
  try {
    await ready(`http://127.0.0.1:${one}/readyz`, gone)
    return { demo: JSON.parse(await readFile(join(data, 'demo.json'), 'utf8')), stop }
  } catch (e) {
    await stop()
    throw new Error(`the demo did not start: ${e.message}\n${said.join('')}`)
  }
}

/** Asks until the house is ready; fails at once when it has ended. */
async function ready(url, gone) {
  let ended = false
  gone.then(() => (ended = true))
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if (ended) throw new Error('it ended by itself')
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((again) => setTimeout(again, 100))
  }
  throw new Error(`not ready after ${patience / 1000} s`)
}

/** Ports that nobody listens on; taken together, so that they differ. */
async function freePorts(n) {
  const servers = await Promise.all(Array.from({ length: n }, async () => {
    const s = createServer().listen(0, '127.0.0.1')
    await once(s, 'listening')
    return s
  }))
  const ports = servers.map((s) => s.address().port)
  await Promise.all(servers.map((s) => new Promise((closed) => s.close(closed))))
  return ports
}
