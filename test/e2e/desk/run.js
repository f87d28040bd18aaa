// Runs some faces in one process: one house and one browser serve all of them. ONLY=phone,live leaves the others out.
import { after } from 'node:test'
import { leaveBrowser } from './browser.js'
import { leaveHouse } from './house.js'

export async function run(faces) {
  const wanted = (process.env.ONLY ?? '').split(',').filter(Boolean)
  for (const face of faces) {
    if (!wanted.length || wanted.includes(face)) await import(`../${face}.js`)
  }
}

after(async () => {
  await leaveBrowser()
  await leaveHouse()
})
