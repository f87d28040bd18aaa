// The inbox as somebody on duty uses it.
import { expect } from './expect.js'

/** Opens the conversation whose last words these are. */
export async function openTalk(page, words) {
  await page.getByTestId('conversation-list').locator('button.item', { hasText: words }).click()
  await expect(page.getByTestId('lines')).toContainText(words)
}
