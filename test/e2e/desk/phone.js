// What a citizen does with the phone, in their words. All of it through what is on the screen.
import { box } from './box.js'
import { phoneOf } from './browser.js'
import { expect } from './expect.js'

/** Takes a citizen's phone into the hand, at a chat when one is named. */
export async function pickUp(t, citizen, account, more) {
  const page = await phoneOf(t, account ? { id: `${citizen.id}&account=${account}` } : citizen, more)
  const phone = new Phone(page, citizen)
  if (account) await phone.settled(account)
  return phone
}

class Phone {
  constructor(page, citizen, root = page) {
    this.page = page
    /** Where this phone stands: the window, or one of the phones in it. */
    this.root = root
    this.citizen = citizen
  }

  /** Another citizen's phone that stands in the same window. */
  beside(citizen) {
    return new Phone(this.page, citizen, this.page.locator(`[data-testid=phone][data-citizen="${citizen.id}"]`))
  }

  /** What the sandbox has for this chat is on the screen: all that was said, and the menu. */
  async settled(account) {
    const [{ items }, { menu }] = await Promise.all(['chat', 'menu'].map((what) => box.get(`/${what}?account=${account}&citizen=${this.citizen.id}`)))
    const last = items.filter((i) => i.from !== 'system').at(-1)
    if (last) await this.messages.locator(`[data-id="${last.id}"]`).waitFor()
    if (menu) await this.at('menu').waitFor()
  }

  at(id) {
    return this.root.getByTestId(id)
  }

  get messages() {
    return this.at('messages')
  }

  /** What the account said, newest last. */
  get answers() {
    return this.messages.locator('[data-testid=bubble][data-from=account]')
  }

  get ownWords() {
    return this.messages.locator('[data-testid=bubble][data-from=citizen]')
  }

  /** The web page that is open in the phone. */
  get web() {
    return this.root.frameLocator('[data-testid=page-frame]')
  }

  async findAccount(id) {
    await this.at('tab-contacts').click()
    await this.at(`contact-${id}`).click()
  }

  async keyboard() {
    if (await this.at('to-keys').isVisible()) await this.at('to-keys').click()
  }

  async says(words) {
    await this.at('composer').waitFor()
    await this.keyboard()
    await this.at('chat-input').fill(words)
    await this.at('send').click()
  }

  /** Says something and reads the answer that begins like this, as the newest line. */
  async asks(words, answer) {
    const before = await this.answers.count()
    await this.says(words)
    await expect(this.answers.nth(before)).toContainText(answer)
  }

  async plus(what) {
    await this.keyboard()
    await this.at('plus').click()
    await this.at(`plus-${what}`).click()
  }

  async taps(top, sub) {
    await this.at('menu').waitFor()
    await this.at(`menu-${top}`).click()
    if (sub !== undefined) await this.at(`menu-${top}-${sub}`).click()
  }
}
