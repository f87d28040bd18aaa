// Forms from both ends: a clerk designs one by mouse and one by keyboard, a colleague publishes, a citizen fills it in on the
// phone with errors, a break and a signature, and staff read what came.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks, small } from './desk/access.js'
import { consoleOf, open, sizes } from './desk/browser.js'
import { newCitizen } from './desk/box.js'
import { eventually, expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const fresh = () => Date.now().toString(36)

async function sound(page, label) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [], label)
  assert.deepEqual(page.wrong, [], label)
}

/** Opens a new form in the designer. */
async function begin(page, title, key) {
  await page.getByTestId('form-new').click()
  await page.getByTestId('form-title').fill(title)
  await page.getByTestId('form-key').fill(key)
  await page.getByTestId('form-create').click()
  await page.getByTestId('form-palette').waitFor()
}

/** The labels of the list of questions, as one line. */
const order = async (page) => (await page.locator('[data-row] > span:first-child').allInnerTexts()).join(' ')
const reads = (page, wanted) => eventually(`the questions are ${wanted}`, async () => (await order(page)) === wanted)

/** Picks an entry of an open list of Element Plus. */
const pick = (page, text) => page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: text }).first().click()

/** What the phone beside the designer shows. */
const drawn = (page) => page.frameLocator('[data-testid=form-preview]').locator('body')

/** A pixel that counts as a photo. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

describe('designing a form', () => {
  test('by mouse: drag, options, a condition, the phone beside it, publish, fill in, read', async (t) => {
    const key = 'mouse-' + fresh()
    const desk = await consoleOf(t, 'bianji', '/form')
    await begin(desk, '住房补贴登记', key)

    await desk.getByTestId('add-choice').click()
    await expect(desk.getByTestId('prop-label')).toBeFocused()
    await desk.getByTestId('prop-label').fill('您租房住吗')
    await desk.getByTestId('option-0').fill('租房')
    await desk.getByTestId('option-1').fill('住自己的房')
    await desk.getByTestId('prop-required').click()
    await desk.getByTestId('add-money').click()
    await desk.getByTestId('prop-label').fill('每月租金')
    await desk.getByTestId('condition-show-on').click()
    await expect(desk.getByTestId('condition-show')).toContainText('您租房住吗')
    await desk.getByTestId('prop-required').click()

    // A phone question is dragged in, then its row is dragged to the top.
    await desk.getByTestId('add-phone').dragTo(desk.locator('[data-row]').first())
    await desk.getByTestId('prop-label').fill('联系电话')
    await desk.getByTestId('prop-required').click()
    const grip = desk.getByTestId('form-outline').locator('.item', { hasText: '联系电话' }).locator('.grip')
    await grip.dragTo(desk.getByTestId('row-0'), { targetPosition: { x: 20, y: 2 } })
    await reads(desk, '联系电话 您租房住吗 每月租金')

    // A catch-all material is refused in words; a deletion is taken back.
    await desk.getByTestId('row-2').click()
    await desk.getByTestId('add-file').click()
    await desk.getByTestId('prop-label').fill('其他材料')
    await expect(desk.getByTestId('form-properties')).toContainText('兜底说法')
    await expect(desk.getByTestId('form-state')).toContainText('要改好才能发布')
    await shoot(desk, 'form-designer-wrong')
    await desk.getByTestId('prop-drop').click()
    await expect(desk.getByTestId('form-gone')).toContainText('已删除“其他材料”')
    await desk.getByTestId('form-gone-undo').click()
    await reads(desk, '联系电话 您租房住吗 每月租金 其他材料')
    await desk.getByTestId('row-3').click()
    await desk.getByTestId('prop-drop').click()

    await expect(drawn(desk)).toContainText('您租房住吗')
    await desk.getByTestId('form-account').click()
    await pick(desk, '青云政务')
    await desk.getByTestId('form-whole').click()
    await desk.getByTestId('head-promise').fill('3 个工作日内答复您')
    await expect(drawn(desk)).toContainText('3 个工作日内答复您')
    await desk.getByTestId('row-1').click()
    await shoot(desk, 'form-designer')
    await sound(desk, 'the designer')
    await desk.getByTestId('form-save').click()
    await expect(desk.getByTestId('form-save')).toHaveCount(0)

    // Filling it in as staff: the server's faults stand at the fields, the condition shows the rent.
    await desk.getByTestId('form-trial').click()
    const trial = desk.getByTestId('form-view')
    await expect(trial).notToContainText('每月租金')
    await trial.getByText('租房', { exact: true }).click()
    await expect(trial).toContainText('每月租金')
    await desk.getByTestId('trial-check').click()
    await expect(desk.getByTestId('trial-faults')).toBeVisible()
    await expect(trial).toContainText('必填')
    await desk.keyboard.press('Escape')

    const path = new URL(desk.url()).pathname.replace('/console', '')
    const boss = await consoleOf(t, 'fabu', path)
    await eventually('it can be published', () => boss.getByTestId('form-publish').isEnabled())
    await boss.getByTestId('form-publish').click()
    await expect(boss.locator('.ask')).toContainText('新增“每月租金”')
    await boss.locator('.ask .el-button--primary').click()
    await expect(boss.getByTestId('form-state')).toContainText('第 1 版在用')

    const citizen = await newCitizen('租房的人', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun', { size: sizes.phone })
    await phone.taps(2, 2) // any page of the account logs in
    await phone.web.locator('h1').waitFor()
    const body = phone.web.locator('body')
    await phone.web.locator('html').evaluate((_, to) => location.assign(to), `/c/qingyun/form/${key}`)
    await expect(phone.web.locator('h1')).toContainText('住房补贴登记')
    await phone.web.getByLabel('联系电话').fill('13812345678')
    await phone.web.getByText('住自己的房').click()
    await phone.web.getByRole('button', { name: '提交' }).click()
    await expect(body).toContainText('我们收到了您填的“住房补贴登记”。3 个工作日内答复您')

    // What is in use cannot be deleted; what a new version changes is said; the old answers stay.
    await boss.reload()
    await boss.getByTestId('form-sent').click()
    await expect(boss.getByTestId('sent-list').locator('tbody tr')).toHaveCount(1)
    await boss.getByTestId('sent-list').locator('tbody tr').first().click()
    await expect(boss.getByTestId('answers')).toContainText('138****5678')
    await expect(boss.getByTestId('answers')).toContainText('住自己的房')
  })

  test('by keyboard alone: add, word, move, delete, take back, require, save', async (t) => {
    const desk = await consoleOf(t, 'bianji', '/form')
    const keys = desk.keyboard
    await desk.getByTestId('form-new').focus()
    await keys.press('Enter')
    await expect(desk.getByTestId('form-title')).toBeVisible()
    await desk.getByTestId('form-title').focus()
    await keys.type('只用键盘的表')
    await keys.press('Tab')
    await keys.type('keys-' + fresh())
    await keys.press('Enter')
    await desk.getByTestId('form-palette').waitFor()

    for (const [kind, label] of [['text', '甲'], ['group', '乙组'], ['phone', '丙']]) {
      await desk.getByTestId(`add-${kind}`).focus()
      await keys.press('Enter')
      await expect(desk.getByTestId('prop-label')).toBeFocused()
      await keys.type(label) // the proposed wording is chosen and typed over
    }
    await reads(desk, '甲 乙组 丙')
    await desk.getByTestId('row-2').focus()
    await keys.press('Alt+ArrowRight')
    await expect(desk.getByTestId('row-1-0')).toContainText('丙')
    await keys.press('Alt+ArrowUp')
    await reads(desk, '甲 丙 乙组')
    await keys.press('Alt+ArrowUp')
    await reads(desk, '丙 甲 乙组')
    await keys.press('ArrowDown')
    await keys.press('Delete')
    await reads(desk, '丙 乙组')
    await keys.press('Control+z')
    await reads(desk, '丙 甲 乙组')
    await desk.getByTestId('row-1').focus()
    await keys.press('Enter')
    await expect(desk.getByTestId('prop-label')).toBeFocused()
    await keys.press('Tab')
    await keys.press('Space')
    await expect(desk.getByTestId('row-1')).toContainText('必填')
    await desk.getByTestId('form-save').focus()
    await keys.press('Enter')
    await expect(desk.getByTestId('form-save')).toHaveCount(0)
    await desk.reload()
    await reads(desk, '丙 甲 乙组')
    await desk.getByTestId('form-remove').focus()
    await keys.press('Enter')
    await desk.locator('.ask .el-button--primary').focus()
    await keys.press('Enter')
    await desk.waitForURL((url) => url.pathname.endsWith('/form'))
  })
})

describe('高龄津贴申请, from the menu', () => {
  test('is filled in with errors, a break, a photo and a signature, and arrives', async (t) => {
    const citizen = await newCitizen('孙女', 'qingyun')
    let phone = await pickUp(t, citizen, 'qingyun', { size: sizes.phone })
    const opens = async () => {
      await phone.taps(2, 2)
      await expect(phone.web.locator('h1')).toContainText('高龄津贴申请')
    }
    await opens()
    const web = () => phone.web
    const errors = () => web().locator('[data-errors]')
    await shoot(phone.page, 'form-phone')
    await web().getByRole('button', { name: '提交申请' }).click()
    await expect(errors()).toContainText('还有 9 处要修改')
    await shoot(phone.page, 'form-phone-wrong')

    // An answer shows the question that hangs on it, without a new page, and is kept by itself.
    await expect(web().getByLabel('代办人姓名')).toBeHidden()
    await web().getByText('为家里老人').click()
    await expect(web().getByLabel('代办人姓名')).toBeVisible()
    await expect(web().locator('[data-saved]')).toContainText('已自动保存')
    await web().getByLabel('老人姓名').fill('李秀英')
    await web().getByLabel('老人身份证号').fill('110105194912310021')
    await web().locator('[data-place] select').nth(0).selectOption({ label: '云东区' })
    await web().locator('[data-place] select').nth(1).selectOption({ label: '望云街道' })
    await web().locator('[data-place] select').nth(2).selectOption({ label: '书院社区' })
    await web().getByLabel('门牌号').fill('书院街 12 号 3 单元')
    await web().getByText('和家人同住').click()
    await web().getByRole('button', { name: '添加' }).click()
    await web().getByLabel('姓名', { exact: true }).fill('王建国')
    await web().getByText('子女').click()
    await web().getByLabel('联系电话').fill('0571-88886666')
    await expect(web().locator('[data-saved]')).toContainText('已自动保存')

    // Another day, another window: what was filled in is there.
    await phone.page.close()
    phone = await pickUp(t, citizen, 'qingyun', { size: sizes.phone })
    await opens()
    assert.equal(await web().getByLabel('老人姓名').inputValue(), '李秀英')
    assert.equal(await web().getByLabel('联系电话').inputValue(), '0571-88886666')

    await web().getByLabel('代办人姓名').fill('王小明')
    await web().getByText('没有', { exact: true }).click()
    await expect(web().locator('body')).toContainText('没有社保卡也能申请')
    await web().locator('input[type=file][name="photo.new"]').setInputFiles({ name: '奶奶.png', mimeType: 'image/png', buffer: png })
    await expect(web().locator('#f-photo')).toContainText('奶奶.png')
    const pad = web().locator('[data-sign] canvas')
    await pad.scrollIntoViewIfNeeded()
    const at = await pad.boundingBox()
    await phone.page.mouse.move(at.x + 40, at.y + 40)
    await phone.page.mouse.down()
    await phone.page.mouse.move(at.x + 160, at.y + 90, { steps: 6 })
    await phone.page.mouse.move(at.x + 220, at.y + 40, { steps: 6 })
    await phone.page.mouse.up()
    await web().getByRole('button', { name: '用这个签名' }).click()
    await expect(web().locator('#f-sign')).toContainText('您的签名')
    await shoot(phone.page, 'form-phone-signed')

    await web().getByRole('button', { name: '提交申请' }).click()
    await expect(errors()).toContainText('还有 1 处要修改')
    await expect(errors()).toContainText('老人身份证号：身份证号不对')
    await web().getByLabel('老人身份证号').fill('11010519491231002x')
    await web().getByRole('button', { name: '提交申请' }).click()
    await expect(web().locator('h1')).toContainText('已经收到')
    await shoot(phone.page, 'form-phone-sent')
    await web().getByRole('link', { name: '看看我办过的事' }).click()
    await expect(web().locator('body')).toContainText('我填的表')

    const desk = await consoleOf(t, 'zuoxi1', '/form')
    await desk.getByTestId('form-list').locator('tr', { hasText: '高龄津贴申请' }).getByRole('link', { name: '提交的内容' }).click()
    await desk.getByTestId('sent-list').locator('tbody tr').first().click()
    const answers = desk.getByTestId('answers')
    await expect(answers).toContainText('李*英')
    await expect(answers).toContainText('1101**********002X')
    await expect(answers).toContainText('青云市云东区望云街道书院社区')
    await shoot(desk, 'form-sent')
    await desk.getByTestId('sent-reason').fill('核对申请人身份')
    await desk.getByTestId('sent-show').click()
    await expect(answers).toContainText('11010519491231002X')
    await sound(desk, 'what was sent')
  })

  for (const [name, elder, thumb] of [['as it is', false, 44], ['in large letters', true, 60]]) {
    test(`${name}: thumbs hit, words stand out, nothing is wider than the screen`, async (t) => {
      const phone = await pickUp(t, await newCitizen('看得见的人', 'qingyun'), 'qingyun', { size: sizes.phone })
      await phone.taps(2, 2)
      await expect(phone.web.locator('h1')).toContainText('高龄津贴申请')
      if (elder) {
        await phone.web.getByRole('link', { name: '大字版' }).click()
        await phone.web.getByRole('link', { name: '标准版' }).waitFor()
      }
      await phone.web.getByText('和家人同住').click()
      await phone.web.getByRole('button', { name: '添加' }).click()
      await phone.web.locator('section[aria-label="第 1 行"]').waitFor()
      assert.deepEqual(await faint(phone.web), [])
      assert.deepEqual(await small(phone.web, thumb), [])
      const shape = await phone.web.locator('html').evaluate((html) => ({
        wide: html.scrollWidth > html.clientWidth, h1: document.querySelectorAll('h1').length,
        unnamed: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((f) => !f.labels?.length && !f.ariaLabel).map((f) => f.name),
      }))
      assert.deepEqual(shape, { wide: false, h1: 1, unnamed: [] })
      if (elder) await shoot(phone.page, 'form-phone-elder')
    })
  }
})

describe('the list of forms', () => {
  test('teaches, imports places, and is sound', async (t) => {
    const desk = await consoleOf(t, 'bianji', '/form')
    await expect(desk.getByTestId('form-list')).toContainText('高龄津贴申请')
    await shoot(desk, 'form-list')
    await sound(desk, 'the list')
    await desk.getByTestId('areas-open').click()
    await desk.getByTestId('areas-text').fill('98 试验省\n98x 写错的')
    await desk.getByTestId('areas-import').click()
    await expect(desk.locator('.el-dialog:visible')).toContainText('第 2 行看不懂')
    await desk.getByTestId('areas-text').fill('98 试验省\n9801,试验市')
    await desk.getByTestId('areas-import').click()
    await expect(desk.locator('.el-message')).toContainText('导入了 2 个地方')
  })

  test('is not for those without the permission', async (t) => {
    const { console: address } = await house()
    const page = await open(t, address + 'form')
    await expect(page.getByTestId('login-name')).toBeVisible()
  })
})
