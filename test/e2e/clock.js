// What comes with time. The city's clock only moves forward, so these run last.
import { describe, test } from 'node:test'
import { consoleOf } from './desk/browser.js'
import { box, newCitizen } from './desk/box.js'
import { expect } from './desk/expect.js'
import { openTalk } from './desk/inbox.js'
import { pickUp } from './desk/phone.js'

describe('two days later', () => {
  test('an answer is no longer possible, the console says why; a new word makes it possible again', async (t) => {
    const words = `两天没人理我 ${Date.now().toString(36)}`
    const citizen = await newCitizen('等了两天的人', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun')
    await phone.asks(words, '已转给工作人员')
    const desk = await consoleOf(t, 'zuoxi1', '/conversation')
    await openTalk(desk, words)
    await desk.getByTestId('claim').click()
    await expect(desk.getByTestId('window')).toContainText(/剩 \d 条/)

    await box.post('/clock', { advance_ms: 49 * 3_600_000 })
    await desk.reload()
    await expect(desk.getByTestId('lines')).toContainText(words)
    await expect(desk.getByTestId('window')).toContainText(/48 ?小时.*再.*发消息/)
    await desk.getByTestId('answer-box').fill('来晚了')
    await expect(desk.getByTestId('send')).toBeDisabled()

    await phone.says('我还在等')
    await expect(desk.getByTestId('window')).toContainText(/剩 \d 条/)
    await desk.getByTestId('answer-box').fill('抱歉让您久等，马上办。')
    await desk.getByTestId('send').click()
    await expect(phone.answers.last()).toContainText('抱歉让您久等，马上办。')
  })
})
