// Pictures of faces, to be looked at by people before a face is called done.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../shots/', import.meta.url))

/** Takes a picture once nothing is loading any more. */
export async function shoot(page, name, path = join(folder, `${name}.png`), clip = undefined) {
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .el-loading-mask') && document.fonts.status === 'loaded')
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path, clip, animations: 'disabled', caret: 'hide' })
}
