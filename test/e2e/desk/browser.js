// One Chromium for all files. Every test gets windows of its own; they are closed when it ends.
import { chromium } from 'playwright-core'
import { house } from './house.js'
import { totp } from './totp.js'

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=zh-CN']

/** How long a person would wait for anything before giving up, in ms: generous, the machine is shared. */
const patience = 15_000

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } }

let launched

function browser() {
  launched ??= chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args })
  return launched
}

export async function leaveBrowser() {
  if (launched) await (await launched).close()
  launched = undefined
}

/** A window in a context of its own. `t` is the test that it ends with. */
export async function open(t, url, { size = sizes.desktop, state, ...more } = {}) {
  const context = await (await browser()).newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', storageState: state, ...more })
  context.setDefaultTimeout(patience)
  t.after(() => context.close())
  const page = await context.newPage()
  page.wrong = []
  page.on('pageerror', (e) => page.wrong.push(String(e)))
  page.on('console', (m) => /Content.Security.Policy/i.test(m.text()) && page.wrong.push(m.text()))
  await page.goto(url)
  return page
}

const states = new Map()

/** The session of a member of staff, logged in once for the whole run: a one-time code counts only once. */
async function stateOf(login) {
  if (!states.has(login)) states.set(login, logIn(login))
  return states.get(login)
}

export async function staffOf(login) {
  const { staff } = await house()
  return staff.find((s) => s.login === login)
}

async function logIn(login) {
  const { console: address } = await house()
  const who = await staffOf(login)
  const context = await (await browser()).newContext()
  const prove = () => context.request.post(`${address}api/login`, { data: { login, password: who.password, code: totp(who.totp_secret) } })
  let answer = await prove()
  // All of the staff log in from one address here; the house lets only some at a time.
  for (let n = 0; answer.status() === 429 && n < 10; n++) {
    await new Promise((again) => setTimeout(again, Number(answer.headers()['retry-after'] || 1) * 1000))
    answer = await prove()
  }
  if (!answer.ok()) throw new Error(`${login} cannot log in: ${answer.status()} ${await answer.text()}`)
  const state = await context.storageState()
  await context.close()
  return state
}

/** The console as one of the staff sees it, at a path such as '/conversation'. */
export async function consoleOf(t, login, path = '/', more = {}) {
  const { console: address } = await house()
  return open(t, address.replace(/\/$/, '') + path, { ...more, state: await stateOf(login) })
}

/** A citizen's phone; beside it the panel, unless the window is as narrow as a phone. */
export async function phoneOf(t, citizen, { size = { width: 1280, height: 900 }, ...more } = {}) {
  const { sandbox } = await house()
  return open(t, `${sandbox}/?citizen=${citizen.id}`, { size, ...more })
}
