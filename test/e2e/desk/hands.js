// A person with one hand: the mouse, with keys only where words are typed, or the keyboard alone. What the other hand did is
// heard in the page itself and fails the test.
import assert from 'node:assert/strict'
import { eventually } from './expect.js'

/** Listens to what a page is given from now on; `heard` holds it, page loads do not forget it. */
async function listen(page) {
  const heard = []
  await page.exposeBinding('heardHand', (_, what) => heard.push(what))
  const ears = () => {
    const tell = (what) => window.heardHand?.(what)
    for (const type of ['mousedown', 'mousemove', 'wheel', 'touchstart', 'dragstart']) {
      window.addEventListener(type, (e) => e.isTrusted && tell({ hand: 'mouse', type }), true)
    }
    window.addEventListener('keydown', (e) => {
      const el = e.target
      const written = el.isContentEditable || el.tagName === 'TEXTAREA' || (el.tagName === 'INPUT' && !['checkbox', 'radio', 'button', 'submit'].includes(el.type))
      if (e.isTrusted) tell({ hand: 'keys', type: e.key, words: Boolean(written) })
    }, true)
  }
  await page.addInitScript(ears)
  await page.evaluate(ears)
  return heard
}

const entries = '.el-select-dropdown:visible .el-select-dropdown__item'
const closed = (page) => eventually('the list is closed', async () => (await page.locator('.el-select-dropdown:visible').count()) === 0)

/** The middle of a thing, or a place itself. */
async function spot(x) {
  if (!x.boundingBox) return x
  const b = await x.boundingBox()
  return { x: Math.round(b.x + b.width / 2), y: Math.round(b.y + b.height / 2) }
}

/** By mouse: presses, draws, chooses; keys only into fields of text. */
export async function byMouse(page) {
  const heard = await listen(page)
  return {
    press: (locator) => locator.click(),
    /** Types over what a field holds. */
    async write(locator, text) {
      await locator.click({ clickCount: 3 })
      await page.keyboard.type(text)
    },
    /** Chooses an entry of a list that opens, and closes after it. */
    async choose(locator, text) {
      await locator.click()
      await page.locator(entries, { hasText: text }).first().click()
      await closed(page)
    },
    /** Chooses several of a list that stays open meanwhile. */
    async chooseMany(locator, ...texts) {
      await locator.click()
      for (const text of texts) await page.locator(entries, { hasText: text }).first().click()
      await locator.click() // a second press on the field closes the list
      await closed(page)
    },
    /** Draws from one place to another, as a hand does: what moves out of the way on the way there is followed. */
    async drag(from, to) {
      const start = await spot(from)
      await page.mouse.move(start.x, start.y)
      await page.mouse.down()
      let at = start
      for (let n = 0; n < 4; n++) {
        const end = await spot(to)
        if (n && end.x === at.x && end.y === at.y) break
        await page.mouse.move((at.x + end.x) / 2, (at.y + end.y) / 2)
        await page.mouse.move(end.x, end.y, { steps: 4 })
        at = end
        if (to.boundingBox) await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 150))) // others glide aside
      }
      await page.mouse.up()
    },
    alone() {
      assert.deepEqual(heard.filter((h) => h.hand === 'keys' && !h.words).map((h) => h.type), [], 'keys were needed outside of fields of text')
      assert.ok(heard.some((h) => h.type === 'mousedown'), 'the mouse was heard')
    },
  }
}

/** By keyboard: Tab, arrows, Enter, Space, Escape and shortcuts. */
export async function byKeys(page) {
  const heard = await listen(page)
  const keys = page.keyboard
  const on = (selector) => page.evaluate((s) => document.activeElement?.closest(s) !== null, selector)
  const hand = {
    keys,
    type: (text) => keys.type(text),
    hit: async (...list) => {
      for (const key of list) await keys.press(key)
    },
    /** Tabs on until the focus stands on something or within it. */
    async to(selector, most = 60, key = 'Tab') {
      await page.locator(selector).first().waitFor()
      for (let n = 0; n <= most; n++) {
        if (await on(selector)) return
        await keys.press(key)
      }
      assert.fail(`${most} times ${key} do not lead to ${selector}; the focus stands on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160))}`)
    },
    back: (selector, most = 60) => hand.to(selector, most, 'Shift+Tab'),
    focused: (selector) => eventually(`the focus is on ${selector}`, async () => (await on(selector)) || page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160))),
    /** Types over what a field holds. */
    async write(selector, text) {
      await hand.to(selector)
      await keys.press('Control+a')
      await keys.type(text)
    },
    /** In a list to choose from: opens it, goes down until the wanted entry, takes it; leaves the list closed. */
    async choose(selector, ...texts) {
      await hand.to(selector)
      for (const text of texts) {
        const list = page.locator('.el-select-dropdown:visible')
        if (!(await list.count())) await keys.press('Enter')
        await list.first().waitFor()
        const lit = list.locator('.el-select-dropdown__item.is-hovering', { hasText: text })
        for (let n = 0; n < 80 && !(await lit.count()); n++) await keys.press('ArrowDown')
        assert.ok(await lit.count(), `there is no ${text} in the list`)
        await keys.press('Enter')
      }
      if (await page.locator('.el-select-dropdown:visible').count()) await keys.press('Escape')
      await closed(page)
    },
    alone() {
      assert.deepEqual([...new Set(heard.filter((h) => h.hand === 'mouse').map((h) => h.type))], [], 'the mouse was used')
      assert.ok(heard.length > 20, 'keys were heard')
    },
  }
  return hand
}
