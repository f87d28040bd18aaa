// People and what they may: joining, leaving, rights changed while somebody works; and a message of which nobody knows.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { consoleOf, open } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { openTalk } from './desk/inbox.js'

/** The panel of one of the staff. */
async function person(page, name) {
  await page.getByTestId('staff-q').fill(name)
  await page.getByTestId('staff-list').locator('tr', { hasText: name }).first().click()
  await page.getByTestId('staff-edit').waitFor()
}

const agree = (page) => page.locator('.ask .el-button--primary, .ask .el-button--danger').last().click()

describe('people', () => {
  test('a newcomer gets a link, and when they leave, their login ends and their work has an heir', async (t) => {
    const login = `xinren${Date.now().toString(36)}`
    const page = await consoleOf(t, 'xitong', '/org')
    await page.getByTestId('staff-new').click()
    await page.getByTestId('staff-name').fill('时知微')
    await page.getByTestId('staff-login').fill(login)
    await page.getByTestId('staff-save').click()
    const link = await page.getByTestId('invite-link').evaluate((el) => el.value ?? el.innerText)
    assert.match(link, /\/console\/activate#/)
    await page.getByTestId('staff-done').click()
    const own = await open(t, link)
    await expect(own.locator('body')).toContainText('时知微')

    await person(page, '时知微')
    await page.getByTestId('staff-handover').click()
    await page.getByTestId('handover-to').click()
    await page.locator('.el-select-dropdown__item:visible', { hasText: '何晓棠' }).click()
    await page.getByTestId('handover-submit').click()
    await page.getByTestId('staff-enable').waitFor()
    await own.reload()
    await expect(own.locator('body')).notToContainText('时知微')
    assert.deepEqual(page.wrong, [])
  })

  test('whoever is made to leave has to log in again', async (t) => {
    const theirs = await consoleOf(t, 'xinwen-bianji')
    await expect(theirs.locator('main h1')).toContainText('叶知秋')
    const page = await consoleOf(t, 'xitong', '/org')
    await person(page, '叶知秋')
    await page.getByTestId('staff-expel').click()
    await agree(page)
    await expect(page.locator('body')).toContainText('已全部退出')
    await theirs.reload()
    await theirs.getByTestId('login-name').waitFor()
  })

  test('a role can do what the security administrator ticks', async (t) => {
    const key = `e2e_${Date.now().toString(36)}`
    const page = await consoleOf(t, 'anquan', '/org/role')
    await page.getByTestId('role-new').click()
    await page.locator('.code input').fill(key)
    await page.getByTestId('role-name').fill('夜班看护')
    await page.locator('.el-checkbox').first().click()
    await page.getByTestId('role-save').click()
    const row = page.getByTestId('role-list').locator('tr', { hasText: '夜班看护' })
    await expect(row).toBeVisible()
    await row.getByRole('button', { name: '修改' }).click()
    await page.getByTestId('role-name').fill('夜班值守')
    await page.getByTestId('role-save').click()
    await expect(page.getByTestId('role-list')).toContainText('夜班值守')
    assert.deepEqual(page.wrong, [])
  })
})

describe('a message of which nobody knows whether it arrived', () => {
  test('is not sent again; a person finds out and says so', async (t) => {
    const words = `断了一下 ${Date.now().toString(36)}`
    const citizen = await newCitizen('网断了的人', 'qingyun')
    await citizen.says(words)
    const desk = await consoleOf(t, 'zuoxi1', '/conversation')
    await openTalk(desk, words)
    const { fault } = await box.post('/faults', { path: '/cgi-bin/message/custom/send', account: 'qingyun', kind: 'drop_after', times: 1 })
    t.after(() => box.del(`/faults/${fault.id}`).catch(() => undefined))
    await desk.getByTestId('answer-box').fill('您好，在的。')
    await desk.getByTestId('send').click()
    const line = desk.locator('[data-testid=line][data-from=staff]').last()
    await expect(line).toContainText('不确定他收到没有')

    const list = await consoleOf(t, 'zuoxi2', '/notify')
    const row = list.getByTestId('outbound-list').locator('tbody tr').first()
    await row.getByTestId('outbound-delivered').click()
    await agree(list)
    await expect(list.locator('main')).toContainText('没有不清楚的')
    await expect(line).toContainText('已送达')
    assert.deepEqual([...desk.wrong, ...list.wrong], [])
  })
})
