// Assertions that wait as a person does: they look again until it is so, and tell what stood there when it never was.
import assert from 'node:assert/strict'

/** How long a person would look before giving up, in ms: generous, the machine is shared. */
const patience = 15_000

async function until(look, told) {
  const end = Date.now() + patience
  let last
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 200)) {
    try {
      last = await look()
      if (last === true) return
    } catch (e) {
      last = e.message
    }
    if (Date.now() > end) assert.fail(told(last))
    await new Promise((again) => setTimeout(again, wait))
  }
}

const flat = (s) => (s ?? '').replace(/\s+/g, ' ').trim()
const has = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : flat(text).includes(flat(wanted)))

/** `expect(locator)`: what is said of it must become true. */
export function expect(locator) {
  return {
    toContainText: (wanted) =>
      until(
        async () => {
          const text = await locator.innerText({ timeout: 1000 })
          return has(text, wanted) || text
        },
        (last) => `${locator} does not say ${wanted}; it says: ${last}`,
      ),
    notToContainText: (wanted) =>
      until(
        async () => {
          const text = await locator.innerText({ timeout: 1000 })
          return !has(text, wanted) || text
        },
        (last) => `${locator} still says ${wanted}: ${last}`,
      ),
    toBeVisible: () => until(() => locator.isVisible(), () => `${locator} is not to be seen`),
    toBeHidden: () => until(async () => !(await locator.isVisible()), () => `${locator} is still to be seen`),
    toHaveCount: (n) => until(async () => (await locator.count()) === n || `${await locator.count()}`, (last) => `there are ${last} ${locator}, not ${n}`),
    toHaveValue: (v) => until(async () => (await locator.inputValue()) === v || locator.inputValue(), (last) => `${locator} holds ${last}, not ${v}`),
    toBeDisabled: () => until(() => locator.isDisabled(), () => `${locator} can be used`),
    toBeFocused: () =>
      until(() => locator.evaluate((el) => el === document.activeElement), () => `${locator} does not have the focus`),
  }
}

/** Looks again until `look` resolves to true; `what` says what was expected. */
export const eventually = (what, look) => until(look, (last) => `${what}; at last: ${last}`)
