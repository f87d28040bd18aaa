// Every face in one process: one house and one browser serve all of them. ONLY=phone,live runs some.
import { after } from 'node:test'
import { leaveBrowser } from './desk/browser.js'
import { leaveHouse } from './desk/house.js'

const wanted = (process.env.ONLY ?? '').split(',').filter(Boolean)
for (const face of ['phone', 'console', 'live', 'private', 'org', 'sandbox-phones', 'sandbox-share', 'sandbox-search', 'sandbox-articles', 'sandbox-notices', 'sandbox-pay', 'sandbox-keys', 'sandbox-faults', 'sandbox-access', 'form', 'flow', 'access', 'faces', 'worktime', 'clock']) {
  if (!wanted.length || wanted.includes(face)) await import(`./${face}.js`)
}

after(async () => {
  await leaveBrowser()
  await leaveHouse()
})
