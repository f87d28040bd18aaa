// The working calendar: read by everybody, changed by who may; next year imported with a look at what changes first.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { consoleOf } from './desk/browser.js'
import { expect } from './desk/expect.js'
import { shoot } from './desk/shot.js'

const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' })

/** The days around one of the lunar calendar: a new moon near midnight is put a day off by some tables. */
const byMoon = (year, monthDay, moves = [-1, 0, 1]) => {
  for (let at = Date.UTC(year, 0, 1); ; at += 86400e3) {
    if (lunar.format(at) === monthDay) return moves.map((n) => new Date(at + n * 86400e3).toISOString().slice(0, 10))
  }
}

/** Next year's list in the form of public data sets: the statutory days, and Labour Day with a day around it. */
const next = (year) => {
  const off = (name, ...dates) => dates.map((date) => ({ name, date, isOffDay: true }))
  const days = (month, ...list) => list.map((d) => `${year}-${month}-${d}`)
  return {
    year,
    papers: ['https://www.gov.cn/zhengce/example.htm'],
    days: [
      ...off('元旦', ...days('01', '01')),
      ...off('春节', ...byMoon(year, '1/1', [-2, -1, 0, 1, 2, 3])),
      ...off('清明节', ...days('04', '04', '05', '06')),
      ...off('劳动节', ...days('05', '01', '02', '03', '04')),
      { name: '劳动节', date: `${year}-05-08`, isOffDay: false },
      ...off('端午节', ...byMoon(year, '5/5')),
      ...off('中秋节', ...byMoon(year, '8/15')),
      ...off('国庆节', ...days('10', '01', '02', '03')),
    ],
  }
}

/** Types into a field of dates, as people who do not want its calendar. */
async function type(page, testId, text) {
  const field = page.getByTestId(testId).locator('input')
  await field.fill(text)
  await field.press('Enter')
}

async function sound(page) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [])
  assert.deepEqual(page.wrong, [])
}

describe('the working calendar', () => {
  test('shows the year with 休 and 班, and counts a term with its steps', async (t) => {
    const page = await consoleOf(t, 'jiandu', '/worktime?year=2026')
    const october = page.getByTestId('month-10')
    await expect(october.locator('[data-date="2026-10-01"]')).toContainText('休')
    await expect(october.locator('[data-date="2026-10-10"]')).toContainText('班')
    await expect(october.locator('[data-date="2026-10-10"]')).toContainText('10月10日 周六，国庆节，调休上班')
    await expect(page.getByTestId('worktime-source')).toContainText('国务院办公厅关于2026年部分节假日安排的通知')
    await expect(page.getByTestId('import-open')).toHaveCount(0)
    await type(page, 'count-from', '2026-09-18 10:00')
    await page.getByTestId('count-go').click()
    await expect(page.getByTestId('count-answer')).toContainText('2026-09-24 24:00')
    await expect(page.getByTestId('count-answer')).toContainText('国庆节调休上班，计到第 1 个工作日')
    await sound(page)
    await shoot(page, 'console-worktime')
  })

  test('asks for the missing year, shows what an import changes, and takes it', async (t) => {
    const page = await consoleOf(t, 'xitong', '/worktime')
    const banner = page.getByTestId('worktime-missing')
    await expect(page.getByTestId('year')).toContainText('20')
    const year = Number(await page.getByTestId('year').innerText()) + 1
    const asked = await banner.count() // from 1 November until somebody has imported it
    if (asked) {
      await expect(banner).toContainText(`${year} 年的放假安排还没有导入`)
      await shoot(page, 'console-worktime-missing')
    }
    await page.getByTestId('import-open').click()
    await page.getByTestId('import-file').setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from('{"year":1}') })
    await expect(page.getByTestId('form-problem')).toContainText('年份')
    const cut = { ...next(year), days: next(year).days.slice(0, -1) }
    await page.getByTestId('import-file').setInputFiles({ name: 'cut.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(cut)) })
    await expect(page.getByTestId('form-problem')).toContainText(`${year}-10-03 国庆节`)
    await page.getByTestId('import-file').setInputFiles({ name: `${year}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(next(year))) })
    await expect(page.getByTestId('import-changes')).toContainText(`${year}-05-08`)
    await shoot(page, 'console-worktime-import')
    await page.getByTestId('import-reason').fill('国务院办公厅通知')
    await page.getByTestId('import-go').click()
    await expect(page.getByTestId('year')).toContainText(String(year))
    await expect(page.getByTestId('month-5').locator(`[data-date="${year}-05-08"]`)).toContainText('上班')
    await expect(banner).toHaveCount(0)
    await expect(page.getByTestId('worktime-source')).toContainText('第 1 版')
    await page.getByTestId('versions-year').click()
    await expect(page.getByTestId('worktime-versions')).toContainText('国务院办公厅通知')
    await shoot(page, 'console-worktime-versions')
    assert.deepEqual(page.wrong.filter((w) => !/422/.test(w)), [])
  })

  test('takes a local day and opening hours, with a reason', async (t) => {
    const page = await consoleOf(t, 'xitong', '/worktime?year=2026')
    await page.getByTestId('local-open').click()
    await type(page, 'local-from', '2026-12-21')
    await page.getByTestId('local-name').fill('暴雪停办')
    await page.getByTestId('local-source').fill('市政府通告')
    await page.getByTestId('local-add').click()
    await expect(page.getByTestId('local-list')).toContainText('暴雪停办')
    await page.getByTestId('local-save').click()
    await expect(page.getByRole('alert')).toContainText('为什么改')
    await page.getByTestId('local-reason').fill('暴雪')
    await shoot(page, 'console-worktime-local')
    await page.getByTestId('local-save').click()
    await expect(page.getByTestId('worktime-local')).toContainText('暴雪停办')
    await expect(page.getByTestId('month-12').locator('[data-date="2026-12-21"]')).toContainText('休')

    await page.getByTestId('hours-open').click()
    await page.getByTestId('hours-fri').fill('9:00-12:00')
    await page.getByTestId('hours-mon').fill('上午')
    await expect(page.getByRole('alert')).toContainText('周一的时间看不懂')
    await page.getByTestId('hours-mon').fill('09:00-12:00, 13:30-17:30')
    await page.getByTestId('hours-reason').fill('周五下午学习')
    await shoot(page, 'console-worktime-hours')
    await page.getByTestId('hours-save').click()
    await expect(page.getByTestId('worktime-hours')).toContainText('周五 09:00–12:00')
    await page.getByTestId('hours-open').click()
    await page.getByTestId('hours-reason').fill('恢复')
    await page.getByTestId('hours-back').click()
    await expect(page.getByTestId('worktime-hours')).toContainText('默认时间')
  })
})
