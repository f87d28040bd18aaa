// Flows from both ends: a clerk draws one by mouse and one by keyboard alone, tries it out, a colleague publishes it, and a
// matter runs through it at once: registered, seen as a task, acted on, with its history.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { consoleOf } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { shoot } from './desk/shot.js'

const fresh = () => Date.now().toString(36)

async function sound(page, label) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [], label)
  assert.deepEqual(page.wrong, [], label)
}

/** Picks an entry of the open list of Element Plus. */
const pick = (page, text) => page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: text }).first().click()

/** Chooses one value of a field of several. */
async function choose(page, id, text) {
  await page.getByTestId(id).click()
  await pick(page, text)
  await page.keyboard.press('Escape')
}

/** Draws with the mouse from one place to another, as a hand does. */
async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2)
  await page.mouse.move(to.x, to.y, { steps: 3 })
  await page.mouse.up()
}
const middle = async (locator) => {
  const b = await locator.boundingBox()
  return { x: b.x + b.width / 2, y: b.y + b.height / 2 }
}

/** What the boxes say, as one line. */
const states = async (page) => (await page.locator('[data-state] .title').allTextContents()).join(' ')
const arrows = async (page) => (await page.locator('[data-testid=flow-drawing] .arrow text').allTextContents()).join(' ')
const reads = (page, look, wanted) => eventually(`the drawing reads ${wanted}`, async () => (await look(page)) === wanted || (await look(page)))

/** Tabs on until the focus stands on something. */
async function tabTo(page, selector) {
  for (let n = 0; n < 80; n++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`no number of Tabs leads to ${selector}`)
}

describe('drawing a flow', () => {
  test('by mouse: steps, arrows, a role, a clock, a trial; published, it runs at once', async (t) => {
    const key = 'mouse-' + fresh()
    const desk = await consoleOf(t, 'bianji', '/flow')
    await expect(desk.getByTestId('flow-list')).toContainText('reply-review')
    await shoot(desk, 'flow-list')
    await desk.getByTestId('flow-new').click()
    await desk.getByTestId('flow-title').fill('用章审批')
    await desk.getByTestId('flow-key').fill(key)
    await desk.getByTestId('flow-create').click()
    await desk.getByTestId('state-start').waitFor()
    await reads(desk, states, '登记 办结')

    // Who may approve.
    await desk.getByRole('tab', { name: '角色' }).click()
    await desk.getByTestId('add-role').click()
    await desk.getByTestId('role-title').fill('审批人')
    await desk.getByTestId('role-permission').click()
    await pick(desk, '发布、停用流程')

    // An arrow into the empty makes a step; another one leads on from there.
    const start = await middle(desk.getByTestId('state-start'))
    await desk.getByTestId('state-start').hover()
    const dot = await middle(desk.getByTestId('pull-start'))
    await drag(desk, dot, { x: start.x + 120, y: start.y + 180 })
    await desk.getByTestId('prop-title').waitFor()
    await desk.getByTestId('prop-title').fill('科长审批')
    await desk.getByTestId('prop-review').click()
    await reads(desk, states, '登记 办结 科长审批')
    await desk.getByTestId('state-step3').hover()
    await drag(desk, await middle(desk.getByTestId('pull-step3')), await middle(desk.getByTestId('state-done')))
    await desk.getByTestId('prop-title').fill('同意')
    await desk.getByTestId('prop-verdict').click()
    await pick(desk, '同意、通过')

    // The short way is taken out, taken back, and taken out again.
    await desk.getByTestId('arrow-finish').locator('text').click()
    await desk.getByTestId('prop-drop').click()
    await expect(desk.getByTestId('flow-gone')).toContainText('已删除“办结”')
    await desk.getByTestId('flow-gone-undo').click()
    await expect(desk.getByTestId('arrow-finish')).toHaveCount(1)
    await desk.getByTestId('arrow-finish').locator('text').click()
    await desk.getByTestId('prop-drop').click()

    // What is wrong stands in place: a box that nobody can reach.
    await desk.getByTestId('add-step').click()
    await desk.getByTestId('prop-title').fill('孤零零的一步')
    await expect(desk.getByTestId('problem-count')).toBeVisible()
    await desk.getByRole('tab', { name: /问题/ }).click()
    await expect(desk.getByTestId('problem-list')).toContainText('走不到“孤零零的一步”')
    await expect(desk.getByTestId('flow-try')).toBeDisabled()
    await shoot(desk, 'flow-problems')
    await desk.getByTestId('problem-list').locator('button').first().click()
    await eventually('the focus is on the step', () => desk.evaluate(() => document.activeElement?.getAttribute('data-state') === 'step4' || document.activeElement?.outerHTML.slice(0, 200)))
    await desk.keyboard.press('Delete')
    await reads(desk, states, '登记 办结 科长审批')

    await desk.getByRole('tab', { name: '时限' }).click()
    await desk.getByTestId('add-clock').click()
    await desk.getByTestId('clock-amount').locator('input').fill('3')
    await desk.keyboard.press('Tab')
    await shoot(desk, 'flow-clock')
    await desk.getByTestId('flow-arrange').click()
    await desk.getByTestId('state-step3').click()
    await expect(desk.getByTestId('problem-count')).toHaveCount(0)
    await shoot(desk, 'flow-editor')
    await sound(desk, 'the editor')
    await expect(desk.getByTestId('flow-kept')).toBeVisible() // by itself

    // Nobody but the approver can go on; days pass and the light turns red.
    await desk.getByTestId('flow-try').click()
    await desk.getByTestId('trial-options').getByRole('button', { name: '提交' }).click()
    await expect(desk.getByTestId('trial-frames')).toContainText('到“科长审批”')
    await desk.getByTestId('jump-168').click()
    await expect(desk.getByTestId('trial-clocks')).toContainText('红灯')
    await shoot(desk, 'flow-trial')
    await desk.getByTestId('trial-options').getByRole('button', { name: '同意' }).first().click()
    await expect(desk.getByTestId('trial-ended')).toContainText('结束了')
    await desk.keyboard.press('Escape')

    const path = new URL(desk.url()).pathname.replace('/console', '')
    const boss = await consoleOf(t, 'fabu', path)
    await boss.getByTestId('flow-publish').click()
    await expect(boss.locator('.ask')).toContainText('新增步骤“科长审批”')
    await boss.locator('.ask .el-button--primary').click()
    await expect(boss.getByTestId('flow-state')).toContainText('第 1 版在用')
    await boss.getByTestId('flow-versions').click()
    await boss.getByTestId('version-compare-1').click()
    await expect(boss.getByTestId('version-diff')).toContainText('没有不同')
    await boss.keyboard.press('Escape')

    // It runs, without restart: registered by one, decided by the other.
    await desk.getByTestId('nav-task').click()
    await desk.getByTestId('task-begin').click()
    await desk.getByTestId('begin-flow').click()
    await desk.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: '用章审批' }).last().click()
    const title = '采购合同用章 ' + key
    await desk.getByTestId('begin-title').fill(title)
    await desk.getByTestId('begin-do').click()
    await expect(desk.getByTestId('matter')).toContainText('用章审批')
    await shoot(desk, 'matter')
    await desk.getByTestId('matter-actions').locator('.el-button--primary').click()
    await desk.getByTestId('act-reason').fill('合同已经过法务')
    await shoot(desk, 'matter-act')
    await desk.getByTestId('act-do').click()
    await expect(desk.getByTestId('matter-history')).toContainText('合同已经过法务')
    await expect(desk.getByTestId('matter')).toContainText('科长审批')

    await boss.getByTestId('nav-task').click()
    await boss.getByTestId('tab-pool').click() // any holder of the role may take it
    await boss.getByTestId('task-list').getByText(title).click()
    await expect(boss.getByTestId('matter-clocks')).toContainText('办理时限')
    await shoot(boss, 'task')
    await sound(boss, 'a task beside the list')
    await boss.getByTestId('matter-actions').locator('.el-button--primary').click()
    await boss.getByTestId('act-do').click()
    await expect(boss.getByTestId('matter-actions')).toContainText('已经办结')
    // The clerk's page hears of it by itself.
    await expect(desk.getByTestId('matter')).toContainText('办结')
    assert.deepEqual([...desk.wrong, ...boss.wrong], [])
  })

  test('by keyboard alone: a step, its arrow, a move, taking out and back', async (t) => {
    const desk = await consoleOf(t, 'bianji', '/flow')
    const keys = desk.keyboard
    await desk.getByTestId('flow-new').waitFor()
    await tabTo(desk, '[data-testid=flow-new]')
    await keys.press('Enter')
    await desk.getByTestId('flow-title').waitFor()
    await tabTo(desk, '[data-testid=flow-title], [data-testid=flow-title] input')
    await keys.type('键盘画的')
    await keys.press('Enter') // its key was thought of already
    await desk.getByTestId('state-start').waitFor()

    await tabTo(desk, '[data-state=start]')
    await keys.press('n')
    await eventually('the title is ready to be typed over', () => desk.evaluate(() => document.activeElement?.closest('[data-testid=prop-title]') !== null || document.activeElement?.matches('[data-testid=prop-title]')))
    await keys.type('核对')
    await reads(desk, states, '登记 办结 核对')
    await keys.press('Escape')
    await eventually('the focus is back on the step', () => desk.evaluate(() => document.activeElement?.getAttribute('data-state') === 'step3'))

    // C, arrows to the end, Enter: an arrow.
    await keys.press('c')
    await eventually('the way to the end', async () => {
      await keys.press('ArrowUp')
      return desk.evaluate(() => document.querySelector('.state.target')?.getAttribute('data-state') === 'done')
    })
    await keys.press('Enter')
    await eventually('its wording is ready', () => desk.evaluate(() => document.activeElement?.closest('[data-testid=prop-title]') !== null || document.activeElement?.matches('[data-testid=prop-title]')))
    await keys.type('核对无误')
    await eventually('the arrow is there', async () => (await arrows(desk)).includes('核对无误'))
    await keys.press('Escape')

    // Delete takes out, Ctrl+Z takes back.
    await eventually('the focus is on the arrow', () => desk.evaluate(() => document.activeElement?.hasAttribute('data-action') ?? false))
    await keys.press('Delete')
    await eventually('the arrow is gone', async () => !(await arrows(desk)).includes('核对无误'))
    await keys.press('Control+z')
    await eventually('the arrow is back', async () => (await arrows(desk)).includes('核对无误'))

    // Alt moves the box; Ctrl+S saves; nothing was touched by mouse.
    await tabTo(desk, '[data-state=step3]')
    const was = await desk.getByTestId('state-step3').getAttribute('transform')
    await keys.press('Alt+ArrowDown')
    await eventually('the box has moved', async () => (await desk.getByTestId('state-step3').getAttribute('transform')) !== was)
    await keys.press('Control+s')
    await expect(desk.getByTestId('flow-kept')).toBeVisible()
    await shoot(desk, 'flow-keys')
    await desk.reload()
    await reads(desk, states, '登记 办结 核对')
    await eventually('the place was kept', async () => (await desk.getByTestId('state-step3').getAttribute('transform')) !== was)
    assert.deepEqual(desk.wrong, [])
  })

  test('two people on one draft: neither is written over, both sides are seen and put together', async (t) => {
    const desk = await consoleOf(t, 'bianji', '/flow')
    await desk.getByTestId('flow-new').click()
    await desk.getByTestId('flow-title').fill('两个人改')
    await desk.getByTestId('flow-create').click()
    await desk.getByTestId('state-start').waitFor()
    const address = desk.url()
    const id = address.split('/').pop()
    await desk.getByTestId('state-start').click()
    let first = true
    await desk.route('**/draft', async (route) => { // another window is quicker by one save
      if (!first) return route.continue()
      first = false
      const other = desk.context().request
      const seen = await (await other.get(new URL(`/console/api/flows/${id}`, address).href)).json()
      seen.draft.states[1].title = '归档'
      const kept = await other.put(new URL(`/console/api/flows/${id}/draft`, address).href, { data: { version: seen.version, draft: seen.draft } })
      assert.equal(kept.status(), 200)
      await route.continue()
    })
    await desk.getByTestId('prop-title').fill('填单')
    const box = desk.getByTestId('flow-conflict')
    await expect(box).toContainText('步骤“填单”改了名称')
    await expect(box).toContainText('步骤“归档”改了名称')
    await shoot(desk, 'flow-conflict')
    await desk.getByTestId('conflict-both').click()
    await reads(desk, states, '填单 归档')
    await expect(desk.getByTestId('flow-kept')).toBeVisible()
    await desk.reload()
    await reads(desk, states, '填单 归档')
    assert.deepEqual(desk.wrong, [])
  })

  test('what belongs together comes whole: every ready-made thing leaves nothing to mend', async (t) => {
    const desk = await consoleOf(t, 'bianji', '/flow')
    await desk.getByTestId('flow-new').click()
    await desk.getByTestId('flow-title').fill('样样都有')
    await desk.getByTestId('flow-create').click()
    await desk.getByTestId('state-start').waitFor()
    await desk.getByTestId('state-start').focus()
    await desk.keyboard.press('n')
    await desk.getByTestId('prop-title').fill('办理')
    await desk.getByTestId('state-step3').hover()
    await drag(desk, await middle(desk.getByTestId('pull-step3')), await middle(desk.getByTestId('state-done')))
    const taken = new Set()
    for (let n = 0; n < 20; n++) {
      await desk.getByTestId('state-step3').focus()
      const ready = desk.getByTestId('presets')
      await ready.waitFor()
      if (!(await ready.getAttribute('open').then((o) => o !== null))) await ready.locator('summary').click()
      const ids = await ready.locator('button').evaluateAll((list) => list.map((b) => b.dataset.testid))
      const next = ids.find((x) => !taken.has(x) && x !== 'preset-return')
      if (!next) break
      taken.add(next)
      await desk.getByTestId(next).click()
    }
    assert.ok(taken.size >= 10, [...taken].join(' '))
    await expect(desk.getByTestId('flow-kept')).toBeVisible()
    await eventually('nothing is to mend', async () => (await desk.getByTestId('problem-count').count()) === 0 || desk.getByTestId('problem-list').allTextContents())
    await shoot(desk, 'flow-presets')
    await sound(desk, 'the editor full of actions')
  })
})
