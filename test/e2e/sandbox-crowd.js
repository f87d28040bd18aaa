// A crowd from the panel: started, watched, stopped; its report shown and taken away; with keys alone.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const crowdPanel = async (t, name, size) => {
  const phone = await pickUp(t, await newCitizen(name), undefined, { size })
  await phone.at('panel-crowd').click()
  await expect(phone.at('crowd-account')).toContainText('青云政务')
  await phone.at('crowd-account').selectOption('qingyun')
  return phone
}

describe('the crowd panel', () => {
  test('sends people through the house, counts while they are at it, and gives the report away', async (t) => {
    const phone = await crowdPanel(t, '看热闹的人', sizes.desktop)
    await phone.at('crowd-manner').selectOption('own')
    await phone.at('crowd-script').fill(JSON.stringify([{ act: 'follow' }, { act: 'ask', words: '社保卡怎么办' }, { act: 'tap', path: [1, 0] }, { act: 'fill', wrong: false }]))
    await phone.at('crowd-citizens').fill('4')
    await phone.at('crowd-seconds').fill('2')
    await phone.at('crowd-seed').fill('41')
    await shoot(phone.page, 'sandbox-crowd-order')
    await phone.at('crowd-start').click()
    await expect(phone.at('crowd-report')).toContainText('种子 41')
    await expect(phone.at('crowd-state')).toContainText('正在跑')
    await expect(phone.at('crowd-state')).toContainText('跑完了')
    await expect(phone.at('crowd-count')).toContainText('做了 16 件事')
    const row = (act) => phone.at('crowd-table').locator('tbody tr', { hasText: act })
    for (const act of ['关注', '提问', '点菜单', '填表']) await expect(row(act)).toContainText(`${act} 4 4`)
    await phone.at('crowd-slowest').click()
    await shoot(phone.page, 'sandbox-crowd-report')
    const [file] = await Promise.all([phone.page.waitForEvent('download'), phone.at('crowd-save').click()])
    assert.match(file.suggestedFilename(), /^crowd-\d+-seed-41\.json$/)
    const crowd = JSON.parse(await readFile(await file.path(), 'utf8'))
    assert.equal(crowd.report.count, 16)
    assert.deepEqual(crowd.report.errors, [])
  })

  test('says what is wrong with a script, and stops when told', async (t) => {
    const phone = await crowdPanel(t, '叫停的人', sizes.desktop)
    await phone.at('crowd-manner').selectOption('own')
    await phone.at('crowd-script').fill('关注')
    await phone.at('crowd-start').click()
    await expect(phone.at('crowd-wrong')).toContainText('剧本不是 JSON')
    await phone.at('crowd-script').fill('[{"act":"follow"},{"act":"ask","url":"http://127.0.0.1/"}]')
    await phone.at('crowd-start').click()
    await expect(phone.at('crowd-wrong')).toContainText('script.2.url 不属于这个动作')
    await phone.at('crowd-manner').selectOption('ask')
    await phone.at('crowd-words').fill('社保卡怎么办')
    await phone.at('crowd-citizens').fill('2')
    await phone.at('crowd-rate').fill('2')
    await phone.at('crowd-seconds').fill('3600')
    await phone.at('crowd-seed').fill('42')
    await phone.at('crowd-start').click()
    await expect(phone.at('crowd-report')).toContainText('种子 42')
    await expect(phone.at('crowd-state')).toContainText('正在跑')
    await expect(phone.at('crowd-table')).toContainText('提问')
    await shoot(phone.page, 'sandbox-crowd-running')
    await phone.at('crowd-stop').click()
    await expect(phone.at('crowd-state')).toContainText('已停下')
  })

  test('works with keys alone', async (t) => {
    const phone = await pickUp(t, await newCitizen('不用鼠标的人'), undefined, { size: sizes.desktop })
    const { page } = phone
    await phone.at('panel-wire').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect(phone.at('panel-crowd')).toBeFocused()
    await expect(phone.at('crowd-account')).toContainText('青云政务')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(phone.at('crowd-account')).toBeFocused()
    await page.keyboard.type('青云政务')
    for (const [field, value] of [['crowd-citizens', '1'], ['crowd-rate', '5'], ['crowd-seconds', '1'], ['crowd-seed', '43']]) {
      while (!(await phone.at(field).evaluate((e) => e === document.activeElement))) await page.keyboard.press('Tab')
      await page.keyboard.press('Control+A')
      await page.keyboard.type(value)
    }
    await page.keyboard.press('Enter')
    await expect(phone.at('crowd-report')).toContainText('种子 43')
    await expect(phone.at('crowd-state')).toContainText('跑完了')
  })

  test('fits a phone', async (t) => {
    const phone = await pickUp(t, await newCitizen('拿手机看的人'), undefined, { size: sizes.phone })
    await phone.at('panel-toggle').click()
    await phone.at('panel-crowd').click()
    await expect(phone.at('crowd-account')).toContainText('青云政务')
    await phone.at('crowd-citizens').fill('2')
    await phone.at('crowd-seconds').fill('2')
    await phone.at('crowd-rate').fill('4')
    await phone.at('crowd-seed').fill('44')
    await phone.at('crowd-start').click()
    await expect(phone.at('crowd-report')).toContainText('种子 44')
    await expect(phone.at('crowd-state')).toContainText('跑完了')
    assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the screen')
    await phone.at('crowd-report').scrollIntoViewIfNeeded()
    await shoot(phone.page, 'sandbox-crowd-phone')
  })
})
