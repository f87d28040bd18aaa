// A new kind of matter, by hand: once by mouse, once by keyboard alone. A clerk designs a form, draws a flow of three steps
// with a promised clock and a counter-sign, tries it out, has it published by a colleague; then people run a matter through it.
// No YAML is typed, nothing is restarted.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consoleOf } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { byKeys, byMouse } from './desk/hands.js'
import { shoot } from './desk/shot.js'

const middle = async (locator) => {
  await locator.scrollIntoViewIfNeeded()
  const b = await locator.boundingBox()
  return { x: b.x + b.width / 2, y: b.y + b.height / 2 }
}
const titles = async (page) => (await page.locator('[data-state] .title').allTextContents()).join(' ')
const reads = (page, wanted) => eventually(`the drawing reads ${wanted}`, async () => (await titles(page)) === wanted || (await titles(page)))
const sound = async (page) => {
  await eventually('the draft is kept', async () => (await page.getByTestId('flow-kept').count()) === 1)
  await expect(page.getByTestId('problem-count')).toHaveCount(0)
}
const path = (page) => new URL(page.url()).pathname.replace('/console', '')

/** Publishes what is drawn; the number is the version that it becomes. */
async function publishes(page, number) {
  await eventually('it can be published', () => page.getByTestId('flow-publish').isEnabled())
  await page.getByTestId('flow-publish').click()
  await page.locator('.ask .el-button--primary').click()
  await expect(page.getByTestId('flow-state')).toContainText(`第 ${number} 版在用`)
}

/** What people do with matters, by mouse. */
function mouseRun(people) {
  return {
    async begin(page, kind, title) {
      const { press, write, choose } = people.get(page)
      await press(page.getByTestId('nav-task'))
      await press(page.getByTestId('task-begin'))
      await choose(page.getByTestId('begin-flow'), kind)
      await write(page.getByTestId('begin-title'), title)
      await page.locator('[data-testid="answer-q1"]').waitFor()
      await answer(page, people.get(page))
      await press(page.getByTestId('begin-do'))
      await expect(page.getByTestId('matter')).toContainText(kind)
    },
    async open(page, title) {
      const { press } = people.get(page)
      if (await page.locator('.el-drawer__close-btn:visible').count()) await press(page.locator('.el-drawer__close-btn:visible'))
      await press(page.getByTestId('nav-task'))
      await press(page.getByTestId('task-list').getByText(title).first())
      await page.getByTestId('matter').waitFor()
    },
    async act(page, title, { reason, signers } = {}) {
      const { press, write } = people.get(page)
      await press(page.getByTestId('matter-actions').getByRole('button', { name: title, exact: true }))
      await answer(page, people.get(page))
      if (reason) await write(page.getByTestId('act-reason'), reason)
      if (signers) {
        await press(page.getByTestId('people-pick'))
        for (const name of signers) {
          await page.keyboard.type(name)
          await page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: name }).first().click()
        }
        await page.locator('.el-dialog:visible .el-dialog__title').last().click()
      }
      await press(page.getByTestId('act-do'))
      await expect(page.getByTestId('act-dialog')).toHaveCount(0)
    },
  }
}

/** What people do with matters, by keyboard. */
function keysRun(people) {
  const id = (x) => `[data-testid="${x}"]`
  const list = async (page) => {
    const { to, hit } = people.get(page)
    if (await page.locator('.el-drawer:visible').count()) {
      await hit('Escape')
      await eventually('the matter is closed', async () => (await page.locator('.el-drawer:visible').count()) === 0)
    }
    await to(id('nav-task'), 200)
    await hit('Enter')
    await page.getByTestId('task-begin').waitFor()
  }
  return {
    list,
    async begin(page, kind, title) {
      const { to, hit, choose, write } = people.get(page)
      await list(page)
      await to(id('task-begin'), 200)
      await hit('Enter')
      await page.getByTestId('begin-title').waitFor()
      await choose(id('begin-flow'), kind)
      await write(id('begin-title'), title)
      await write(id('answer-q1'), '省政务服务局')
      await to(id('answer-q2-o1'))
      await hit('Space')
      await to(id('begin-do'), 80)
      await hit('Enter')
      await expect(page.getByTestId('matter')).toContainText(kind)
    },
    async open(page, title) {
      const { to, hit } = people.get(page)
      await list(page)
      const address = await page.getByTestId('task-list').getByRole('link', { name: title }).first().getAttribute('href')
      await to(`a[href="${address}"]`, 200)
      await hit('Enter')
      await page.getByTestId('matter').waitFor()
    },
    async act(page, title, { reason, signers } = {}) {
      const { to, hit, write } = people.get(page)
      const button = await page.getByTestId('matter-actions').getByRole('button', { name: title, exact: true }).getAttribute('data-testid')
      await to(`${id('matter-actions')} ${id(button)}`, 120)
      await hit('Enter')
      await page.getByTestId('act-dialog').waitFor()
      if (signers) await people.get(page).choose(id('people-pick'), ...signers)
      if (reason) await write(id('act-reason'), reason)
      await to(id('act-do'), 80)
      await hit('Enter')
      await expect(page.getByTestId('act-dialog')).toHaveCount(0)
    },
  }
}

/** Answers the questions of the form, where they are asked. */
async function answer(page, { press, write }) {
  await page.locator('.el-dialog:visible [data-testid=begin-title], .el-dialog:visible [data-testid=act-reason]').first().waitFor()
  if (!(await page.locator('[data-testid="answer-q1"]').count())) return
  await write(page.getByTestId('answer-q1'), '办公用纸快用完了')
  await press(page.getByTestId('answer-q2-o2'))
  if (await page.getByTestId('answer-q3').count()) await write(page.getByTestId('answer-q3'), '只有一家有货')
  await write(page.locator('input[data-testid=answer-q4], [data-testid=answer-q4] input'), '1280.50')
}

describe('a new kind of matter', () => {
  test('by mouse: form, three steps, a clock, three signers; tried out, published, run; a new version beside an old matter', async (t) => {
    const name = '物资采购' + Date.now().toString(36)
    const desk = await consoleOf(t, 'bianji', '/form')
    const hand = await byMouse(desk)
    const { press, write, choose, drag } = hand
    const at = (id) => desk.getByTestId(id)

    // The form.
    await press(at('form-new'))
    await write(at('form-title'), name + '申请')
    await press(at('form-create'))
    await at('form-palette').waitFor()
    const ask = async (kind, label) => {
      await press(at(`add-${kind}`))
      await write(at('prop-label'), label)
    }
    await ask('text', '为什么要买')
    await press(at('prop-required'))
    await ask('choice', '怎么买')
    await write(at('option-0'), '比价采购')
    await write(at('option-1'), '直接采购')
    await press(at('prop-required'))
    await ask('text', '为什么不比价')
    await press(at('condition-show-on'))
    await choose(at('condition-show-value-0'), '直接采购')
    await ask('money', '预算')
    await press(at('prop-required'))
    await ask('file', '报价单')
    await write(at('prop-purpose'), '核对价格')
    await ask('group', '买哪些东西')
    await drag(at('add-number'), at('form-outline').locator('.inner'))
    await write(at('prop-label'), '数量')
    await shoot(desk, 'build-form')
    await eventually('the form can be kept', () => at('form-save').isVisible())
    await press(at('form-save'))
    await expect(at('form-save')).toHaveCount(0)

    const boss = await consoleOf(t, 'fabu', path(desk))
    await eventually('the form can be published', () => boss.getByTestId('form-publish').isEnabled())
    await boss.getByTestId('form-publish').click()
    await boss.locator('.ask .el-button--primary').click()
    await expect(boss.getByTestId('form-state')).toContainText('第 1 版在用')

    // The flow: three steps and an end.
    await press(at('nav-flow'))
    await press(at('flow-new'))
    await write(at('flow-title'), name)
    await press(at('flow-create'))
    await at('state-start').waitFor()
    await press(at('flow-whole'))
    await choose(at('prop-form'), name + '申请')
    await press(at('state-start'))
    await expect(at('prop-fills')).toContainText('预算')
    await expect(at('prop-edits')).toContainText('报价单')

    const flow = path(desk)
    const start = await middle(at('state-start'))
    await press(at('arrow-finish').locator('text'))
    await press(at('prop-drop'))
    await at('state-start').hover()
    await drag(await middle(at('pull-start')), { x: start.x + 60, y: start.y + 190 })
    await write(at('prop-title'), '科长核对')
    await press(at('state-add-role'))
    await write(at('role-title'), '科长')
    await choose(at('role-permission'), '审核别人写的')
    const check = await middle(at('state-step3'))
    await at('state-step3').hover()
    await drag(await middle(at('pull-step3')), { x: check.x + 300, y: check.y })
    await write(at('prop-title'), '三人会签')
    await press(at('prop-signing'))
    await choose(at('prop-agreed'), '办结')
    await choose(at('prop-refused'), '登记')
    await reads(desk, '登记 办结 科长核对 三人会签')
    // Back to an earlier step: drawn as an arrow, it is a return.
    await at('state-step3').hover()
    await drag(await middle(at('pull-step3')), await middle(at('state-start')))
    await expect(at('prop-verb')).toContainText('退回')

    // A promised clock, two days yellow.
    await press(desk.getByRole('tab', { name: '时限' }))
    await press(at('add-clock'))
    await write(at('clock-amount').locator('input'), '5')
    await write(at('clock-yellow').locator('input'), '2')
    await press(at('add-due'))
    await sound(desk)
    await press(at('flow-arrange'))
    await shoot(desk, 'build-flow')
    await sound(desk)

    // Tried out.
    await press(at('flow-try'))
    const options = at('trial-options')
    await press(options.getByRole('button', { name: '提交' }).first())
    await press(at('trial-do'))
    await expect(at('trial-frames')).toContainText('到“科长核对”')
    await press(at('jump-72'))
    await press(at('jump-72'))
    await expect(at('trial-clocks')).toContainText('黄灯')
    await shoot(desk, 'build-trial')
    await press(desk.locator('.el-drawer__close-btn'))

    await boss.goto(boss.url().replace(/\/console\/.*/, '/console' + path(desk)))
    await publishes(boss, 1)

    // It runs, without restart: handed in, returned, handed in again, checked, signed.
    const [checker, second, third] = await Promise.all(['shenhe', 'zuoxi1', 'zuoxi2'].map((login) => consoleOf(t, login, '/task')))
    const people = new Map()
    for (const page of [desk, boss, checker, second, third]) people.set(page, page === desk ? hand : await byMouse(page))
    const run = mouseRun(people)
    const first = `打印纸 ${name}`
    await run.begin(desk, name, first)
    await run.act(desk, '提交')
    await run.open(checker, first)
    await expect(checker.getByTestId('matter-clocks')).toContainText('办理时限')
    await run.act(checker, '退回', { reason: '预算写少了' })
    await expect(desk.getByTestId('matter-history')).toContainText('预算写少了')
    await run.act(desk, '提交')
    await run.open(checker, first)
    await run.act(checker, '提交', { signers: ['林疏影', '何晓棠', '罗星野'] })
    await boss.getByTestId('nav-task').click()
    for (const page of [boss, second]) {
      await run.open(page, first)
      await run.act(page, '同意', { reason: '同意购买' })
    }
    await expect(desk.getByTestId('matter')).toContainText('三人会签') // all three are needed

    // A new version, of which one signature is enough, goes live; the old matter runs on under its own.
    await desk.goto(desk.url().replace(/\/console\/.*/, '/console' + flow))
    await press(at('state-step4'))
    await choose(at('prop-mode'), '或签')
    await sound(desk)
    await boss.goto(boss.url().replace(/\/console\/.*/, '/console' + flow))
    await publishes(boss, 2)
    await press(desk.getByTestId('nav-task'))
    const next = `硒鼓 ${name}`
    await run.begin(desk, name, next)
    await run.act(desk, '提交')
    await run.open(checker, next)
    await run.act(checker, '提交', { signers: ['林疏影', '何晓棠', '罗星野'] })
    await run.open(second, next)
    await run.act(second, '同意')
    await expect(desk.getByTestId('matter')).toContainText('办结')
    await run.open(third, first)
    await expect(third.getByTestId('matter')).toContainText('三人会签')
    await run.act(third, '同意')
    await expect(third.getByTestId('matter')).toContainText('办结')
    const history = third.getByTestId('matter-history')
    for (const words of ['预算写少了', '苏念真', '顾长宁', '林疏影', '何晓棠', '罗星野', '同意购买']) await expect(history).toContainText(words)
    for (const words of ['办公用纸快用完了', '直接采购', '只有一家有货', '1280.50']) await expect(third.getByTestId('matter')).toContainText(words)
    await shoot(third, 'build-matter')
    hand.alone()
  })

  test('by keyboard alone: the same kind, signed in order', async (t) => {
    const name = '车辆使用' + Date.now().toString(36)
    const desk = await consoleOf(t, 'bianji', '/form')
    const hand = await byKeys(desk)
    const { hit, type, to, back, write, choose, focused } = hand
    const id = (x) => `[data-testid="${x}"]`
    const at = (x) => desk.getByTestId(x)

    // The form.
    await to(id('form-new'))
    await hit('Enter')
    await focused(id('form-title'))
    await type(name + '申请')
    await hit('Enter')
    await at('form-palette').waitFor()
    const ask = async (kind, label) => {
      await to(id(`add-${kind}`), 120)
      await hit('Enter')
      await focused(id('prop-label'))
      await type(label) // the proposed wording is chosen and typed over
    }
    await ask('text', '去哪里')
    await to(id('prop-required'))
    await hit('Space')
    await back(id('form-palette'), 80)
    await ask('choice', '怎么去')
    await write(id('option-0'), '派公车')
    await write(id('option-1'), '租车')
    await back(id('prop-required'))
    await hit('Space')
    await back(id('form-palette'), 80)
    await ask('text', '为什么租车')
    await to(id('condition-show'))
    await hit('ArrowRight') // 看前面的回答
    await choose(id('condition-show-value-0'), '租车')
    await back(id('form-palette'), 80)
    await ask('file', '行程单')
    await write(id('prop-purpose'), '核对路线')
    await back(id('form-palette'), 80)
    await ask('group', '随行的人')
    await back(id('form-palette'), 80)
    await ask('phone', '手机')
    await back('[data-row]', 40)
    await eventually('the row has the focus', () => desk.evaluate(() => document.activeElement?.textContent.includes('手机') || document.activeElement?.outerHTML.slice(0, 120)))
    await hit('Alt+ArrowRight')
    await expect(at('row-4-0')).toContainText('手机')
    await shoot(desk, 'build-keys-form')
    await back(id('form-save'), 80)
    await hit('Enter')
    await expect(at('form-save')).toHaveCount(0)

    const boss = await consoleOf(t, 'fabu', path(desk))
    const chief = await byKeys(boss)
    await eventually('the form can be published', () => boss.getByTestId('form-publish').isEnabled())
    await chief.to(id('form-publish'), 80)
    await chief.hit('Enter')
    await boss.locator('.ask').waitFor()
    await chief.focused('.ask .el-button--primary')
    await chief.hit('Enter')
    await expect(boss.getByTestId('form-state')).toContainText('第 1 版在用')

    // The flow.
    await to(id('nav-flow'), 120)
    await hit('Enter')
    await at('flow-list').waitFor()
    await to(id('flow-new'))
    await hit('Enter')
    await focused(id('flow-title'))
    await type(name)
    await hit('Enter')
    await at('state-start').waitFor()
    await to(id('flow-whole'), 120)
    await hit('Enter')
    await focused(id('prop-title'))
    await choose(id('prop-form'), name + '申请')
    await back('[data-state=start]', 80)
    await expect(at('prop-fills')).toContainText('去哪里')

    // N: a next step, its wording ready; Escape leads back to it.
    await hit('n')
    await focused(id('prop-title'))
    await type('科长核对')
    await to(id('state-add-role'))
    await hit('Enter')
    await focused(id('role-title'))
    await type('科长')
    await choose(id('role-permission'), '审核别人写的')
    await hit('Escape')
    await focused('[data-state=step3]')
    await hit('n')
    await focused(id('prop-title'))
    await type('三人会签')
    await to(id('prop-signing'))
    await hit('Space')
    await choose(id('prop-mode'), '依次')
    await choose(id('prop-agreed'), '办结')
    await choose(id('prop-refused'), '登记')
    await hit('Escape')
    await focused('[data-state=step4]')
    // C, arrows, Enter: back to the beginning is a return.
    await hit('ArrowLeft')
    for (let n = 0; n < 4 && !(await desk.evaluate(() => document.activeElement?.getAttribute('data-state') === 'step3')); n++) await hit('ArrowLeft')
    await focused('[data-state=step3]')
    await hit('c')
    for (let n = 0; n < 6 && !(await desk.locator('.state.target[data-state=start]').count()); n++) await hit('ArrowLeft')
    await hit('Enter')
    await focused(id('prop-title'))
    await expect(at('prop-verb')).toContainText('退回')
    await hit('Escape')
    // The short way goes.
    await back('[data-action=finish]', 60)
    await hit('Delete')
    await expect(at('arrow-finish')).toHaveCount(0)
    await reads(desk, '登记 办结 科长核对 三人会签')

    await to('[role=tab]')
    await hit('ArrowRight', 'ArrowRight')
    await to(id('add-clock'))
    await hit('Enter')
    await write(id('clock-amount'), '3')
    await write(id('clock-yellow'), '2')
    await to(id('add-due'))
    await hit('Enter')
    await sound(desk)
    await shoot(desk, 'build-keys-flow')

    await back(id('flow-try'), 160)
    await hit('Enter')
    await at('trial-options').waitFor()
    await to(`${id('trial-options')} button`)
    await hit('Enter')
    await to(id('trial-do'))
    await hit('Enter')
    await expect(at('trial-frames')).toContainText('到“科长核对”')
    await to(id('jump-72'))
    await hit('Enter')
    await expect(at('trial-clocks')).toContainText(/黄灯|红灯/)
    await hit('Escape')
    await expect(at('trial-options')).toHaveCount(0)
    await sound(desk)

    // Sent to a colleague, who looks at what changes and lets it go live.
    await to(id('flow-propose'), 160)
    await hit('Enter')
    await desk.locator('.ask').waitFor()
    await focused('.ask .el-button--primary')
    await hit('Enter')
    await at('flow-pending').waitFor()
    const [checker, second, third] = await Promise.all(['shenhe', 'zuoxi1', 'zuoxi2'].map((login) => consoleOf(t, login, '/task')))
    const people = new Map([[desk, hand], [boss, chief]])
    for (const page of [checker, second, third]) people.set(page, await byKeys(page))
    const run = keysRun(people)
    await run.open(boss, name)
    await expect(boss.getByTestId('flow-proposal')).toContainText('新增步骤“科长核对”')
    await shoot(boss, 'build-proposal')
    await run.act(boss, '通过并上线')
    await expect(at('flow-state')).toContainText('第 1 版在用') // the clerk's page hears of it

    // It runs: three signatures, one after the other.
    const title = `去省里开会 ${name}`
    await run.begin(desk, name, title)
    await run.act(desk, '提交')
    await run.open(checker, title)
    await run.act(checker, '提交', { signers: ['何晓棠', '罗星野', '林疏影'] })
    await run.list(third)
    await expect(third.getByTestId('task-list').getByText(title)).toHaveCount(0) // not yet
    await run.open(second, title)
    await run.act(second, '同意', { reason: '早去早回' })
    for (const page of [third, boss]) {
      await run.open(page, title)
      await run.act(page, '同意')
    }
    await expect(boss.getByTestId('matter')).toContainText('办结')
    for (const words of ['苏念真', '顾长宁', '何晓棠', '罗星野', '林疏影', '早去早回']) await expect(boss.getByTestId('matter-history')).toContainText(words)
    await expect(boss.getByTestId('matter')).toContainText('派公车')
    for (const one of people.values()) one.alone()
  })
})
