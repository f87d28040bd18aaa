// A matter in the hands of a staff: whose turn it is, what may be done with it, what happens when two act at once, and the
// lists around it. The kinds are made over HTTP; what people do they do in the browser.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { consoleOf, sizes } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { shoot } from './desk/shot.js'

const fresh = () => Date.now().toString(36)
const key = 'street-' + fresh()

/** From the counter over two clerks to a check and three signatures; with everything that stops a clock. */
const definition = () => `
key: ${key}
title: 占道施工审批
kind: ${key}
text: 登记、办理、复核、依次会签
roles:
  - {name: hand, title: 经办人, permission: conversation.answer}
  - {name: boss, title: 科长, permission: reply.review}
states:
  - {name: start, title: 登记, acts: [opener]}
  - {name: doing, title: 办理, acts: [role:hand]}
  - {name: checking, title: 复核, acts: [role:boss], review: true}
  - {name: signing, title: 会签, acts: [signer], review: true, signing: {mode: order, agreed: done, refused: doing}}
  - {name: done, title: 准予占道, end: true, outcome: granted}
  - {name: void, title: 作废, end: true, outcome: void}
actions:
  - {name: send, title: 送办, from: [start], to: doing, notices: [todo]}
  - {name: claim, title: 认领, does: claim, from: [doing, checking]}
  - {name: transfer, title: 转办, does: transfer, from: [doing], names: staff}
  - {name: delegate, title: 委派, does: delegate, from: [doing]}
  - {name: hand_back, title: 交回, does: hand_back, from: [doing]}
  - {name: suspend, title: 暂停办理, does: suspend, from: [doing], evidence: true}
  - {name: resume, title: 恢复办理, does: resume, from: [doing]}
  - {name: extend, title: 申请延期, does: extend, from: [doing], clock: handle}
  - {name: grant, title: 同意延期, does: grant, from: [doing]}
  - {name: deny, title: 不同意延期, does: deny, from: [doing]}
  - {name: submit, title: 送复核, from: [doing], to: checking}
  - {name: back, title: 退回, does: return, from: [checking], steps: [start, doing], direct: may}
  - {name: mended, title: 改好送回, does: mended, from: [start, doing]}
  - {name: to_sign, title: 送会签, from: [checking], to: signing}
  - {name: agree, title: 同意, does: agree, from: [signing]}
  - {name: disagree, title: 不同意, does: refuse, from: [signing]}
  - {name: add_signer, title: 加签, does: add_signer, from: [signing]}
  - {name: urge, title: 催办, does: urge, from: ["*"], by: [opener], notices: [urged]}
  - {name: note, title: 批注, does: note, from: ["*"], by: [opener, assignee, "role:hand"]}
  - {name: cancel, title: 作废, does: cancel, from: ["*"], by: [opener], to: void}
clocks:
  - name: legal
    title: 法定期限
    basis: legal
    source: 《行政许可法》第四十二条
    rule: {kind: working, amount: 20}
    starts: [open]
    stops: [enter:done, enter:void]
  - name: handle
    title: 承诺期限
    basis: promised
    rule: {kind: working, amount: 5}
    starts: [enter:doing]
    stops: [enter:done, enter:void]
    pauses:
      - {name: waiting, title: 等待现场检测, on: ["do:suspend"], resumes: ["do:resume"], evidence: true}
    extends: {times: 1, max: 5, by: ["role:boss"]}
notices:
  - {name: todo, title: 有新的占道申请, to: ["role:hand"], text: flow.notice.to_do}
  - {name: urged, title: 请快办, to: [assignee, "role:hand"], text: flow.notice.urged}
`

/** Calls the console's API as somebody who is logged in. */
async function call(page, method, path, body, wanted = 200) {
  const { console: address } = await house()
  const answer = await page.context().request.fetch(`${address}api/${path}`, { method, data: body })
  assert.equal(answer.status(), wanted, `${method} ${path}: ${await answer.text()}`)
  return answer.status() === 204 ? undefined : answer.json()
}

async function sound(page, label) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [], label)
  assert.deepEqual(page.wrong, [], label)
}

/** Picks an entry of the open list of Element Plus. */
const pick = (page, text) => page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: text }).first().click()

/** Chooses a colleague by typing a part of the name; where several are chosen, one after the other. */
async function person(page, name) {
  const field = page.getByTestId('people-pick').locator('input')
  await field.focus()
  await page.keyboard.type(name)
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: name }).first().click()
}

/** Does an action of a matter's page: its button, what has to be said, its button again. */
async function does(page, action, say = async () => {}) {
  await page.getByTestId(`do-${action}`).click()
  await page.getByTestId('act-do').waitFor()
  await say()
  await page.getByTestId('act-do').click()
  await expect(page.getByTestId('act-do')).toHaveCount(0)
}
const reason = (page, text) => () => page.getByTestId('act-reason').fill(text)

let made
/** The kind of matter of these tests, drawn by one and published by another. */
function kind(t) {
  made ??= (async () => {
    const bianji = await consoleOf(t, 'bianji', '/task')
    const { unit } = await call(bianji, 'GET', 'session')
    const f = await call(bianji, 'POST', 'flows', { key, title: '占道施工审批', unit_id: unit.id })
    const drawn = await call(bianji, 'PUT', `flows/${f.id}/draft`, { version: f.version, yaml: definition() })
    assert.deepEqual(drawn.problems, [])
    const fabu = await consoleOf(t, 'fabu', '/task')
    await call(fabu, 'POST', `flows/${f.id}/publish`, { version: drawn.version })
    return key
  })()
  return made
}

/** Registers one and sends it on to the clerks; its id. */
async function registered(t, title) {
  await kind(t)
  const bianji = await consoleOf(t, 'bianji', '/task')
  const { matter } = await call(bianji, 'POST', 'matters', { flow: key, title, key: fresh() + title })
  await call(bianji, 'POST', `matters/${matter}/actions/send`, { version: 0, key: '' })
  return matter
}

describe('a matter between colleagues', () => {
  test('two clerks act at once: the second is told who did what, and keeps what was typed', async (t) => {
    const title = '两人同时 ' + fresh()
    const id = await registered(t, title)
    const one = await consoleOf(t, 'zuoxi1', `/matters/${id}`)
    // The second one's page hears nothing: what it shows is old, and the server has to say so.
    const two = await consoleOf(t, 'zuoxi2', '/task')
    await two.route('**/api/hints*', (r) => r.abort())
    await two.goto(two.url().replace(/task.*/, `matters/${id}`))
    await two.getByTestId('do-claim').click()
    await two.getByTestId('act-reason').fill('我离得近，我去看')
    await does(one, 'claim', reason(one, '我来办'))
    await two.getByTestId('act-do').click()
    await expect(two.getByTestId('act-meanwhile')).toContainText('何晓棠：认领，“我来办”')
    await expect(two.getByTestId('act-meanwhile')).toContainText('现在不能“认领”了')
    await expect(two.getByTestId('act-reason')).toHaveValue('我离得近，我去看')
    await expect(two.getByTestId('act-do')).toBeDisabled()
    await shoot(two, 'matter-conflict')
    await two.locator('.el-dialog').getByRole('button', { name: '先不' }).click()
    await two.locator('.ask .el-button--danger').click() // what was typed is let go of knowingly
    await expect(two.getByTestId('matter')).toContainText('何晓棠')
    await sound(two, 'a matter somebody else took')

    // Who hears of it sees it in the open dialog at once.
    await one.getByTestId('do-note').click()
    await one.getByTestId('act-reason').fill('已联系施工方')
    await does(two, 'note', reason(two, '现场有照片'))
    await expect(one.getByTestId('act-meanwhile')).toContainText('罗星野：批注，“现场有照片”')
    await one.getByTestId('act-do').click()
    await expect(one.getByTestId('matter-history')).toContainText('已联系施工方')
    await expect(one.getByTestId('matter-history')).toContainText('现场有照片')
  })

  test('transfer, delegation, extension once, suspension until its time, sent back and mended, three signatures in order', async (t) => {
    const title = '解放路占道施工 ' + fresh()
    const id = await registered(t, title)
    const one = await consoleOf(t, 'zuoxi1', '/task')
    const two = await consoleOf(t, 'zuoxi2', `/matters/${id}`)
    const boss = await consoleOf(t, 'shenhe', '/task')

    // It waits for the role: among the tasks of both, until one takes it.
    await one.getByTestId('task-list').getByText(title).click()
    await does(one, 'claim')
    await expect(two.getByTestId('matter')).toContainText('何晓棠')
    await does(one, 'transfer', async () => {
      await person(one, '罗星野')
      await one.getByTestId('act-reason').fill('我要去开会')
    })
    await expect(two.getByTestId('matter-history')).toContainText('我要去开会')
    await expect(two.getByTestId('do-submit')).toBeVisible()
    await expect(one.getByTestId('task-list').getByText(title)).toHaveCount(0)
    await does(two, 'delegate', () => person(two, '何晓棠'))
    await one.reload()
    await expect(one.getByTestId('matter-history')).toContainText('委派何晓棠代办')
    await does(one, 'hand_back', reason(one, '看过了，可以办'))
    await expect(two.getByTestId('matter')).toContainText('罗星野')

    // Both terms side by side, each with how it was counted.
    await expect(two.getByTestId('matter-clocks')).toContainText('法定期限')
    await expect(two.getByTestId('matter-clocks')).toContainText('《行政许可法》第四十二条')
    await two.getByTestId('explain-handle#1').click()
    await expect(two.getByTestId('clock-steps')).toContainText(/起算，当天不计/)
    await expect(two.getByTestId('clock-steps')).toContainText('24:00 到期')
    await shoot(two, 'matter-clocks')

    // Longer, once, and only when the head agrees.
    await does(two, 'extend', reason(two, '等交警意见'))
    await expect(two.getByTestId('matter-longer')).toContainText('申请把“承诺期限”延长 1')
    await boss.getByTestId('task-list').getByText(title).click()
    await expect(boss.getByTestId('matter-longer')).toContainText('等交警意见')
    await does(boss, 'grant')
    await expect(two.getByTestId('matter-clocks')).toContainText('已延长 1 天')
    await expect(two.getByTestId('do-extend')).toHaveCount(0)

    // It stands still for a reason and with evidence, and goes on by itself when its time has come.
    await does(two, 'suspend', async () => {
      await two.getByTestId('act-reason').fill('等检测报告')
      await two.getByTestId('act-evidence').fill('检测委托书 2026-18')
      const until = two.getByTestId('act-dialog').getByRole('combobox', { name: '到什么时候恢复' })
      const { now_at: now } = await call(two, 'GET', 'clock') // earlier tests may have moved it
      await until.fill(new Date(now + 8 * 3600_000 + 9_000).toISOString().slice(0, 19).replace('T', ' '))
      await until.press('Enter')
    })
    await expect(two.getByTestId('matter-hold')).toContainText('等检测报告')
    await expect(two.getByTestId('clock-pause')).toContainText('等待现场检测')
    await expect(two.getByTestId('clock-pause')).toContainText('检测委托书 2026-18')
    await shoot(two, 'matter-hold')
    await expect(two.getByTestId('matter-hold')).toHaveCount(0)
    await expect(two.getByTestId('matter-history')).toContainText('恢复办理')
    await expect(two.getByTestId('matter-clocks')).notToContainText('还停着')

    // Back to an earlier step with what to mend, and straight back once it is mended.
    await does(two, 'submit')
    await does(boss, 'back', async () => {
      await boss.getByTestId('act-state').click()
      await pick(boss, '办理')
      await boss.getByTestId('act-direct').click()
      await boss.getByTestId('act-reason').fill('缺交通疏导方案')
    })
    await expect(two.getByTestId('matter-mend')).toContainText('顾长宁从“复核”退回来改')
    await expect(two.getByTestId('matter-mend')).toContainText('直接送回“复核”')
    await shoot(two, 'matter-mend')
    await does(two, 'mended', reason(two, '方案已补'))

    // Three sign in their order; the third was asked later.
    await does(boss, 'to_sign', async () => {
      await person(boss, '林疏影')
      await person(boss, '程望舒')
      await boss.keyboard.press('Escape')
    })
    await expect(boss.getByTestId('matter-signers')).toContainText('依次会签')
    const first = await consoleOf(t, 'fabu', `/matters/${id}`)
    const second = await consoleOf(t, 'lingdao', `/matters/${id}`)
    await expect(second.getByTestId('matter-signers').locator('li').nth(1)).toContainText('还没轮到')
    await expect(second.getByTestId('do-agree')).toHaveCount(0)
    await does(first, 'add_signer', async () => {
      await person(first, '韩景行')
      await first.keyboard.press('Escape')
    })
    await expect(first.getByTestId('matter-signers')).toContainText('韩景行')
    await shoot(first, 'matter-signers')
    const order = await signers(first)
    const third = await consoleOf(t, 'jiandu', `/matters/${id}`)
    const pages = { 林疏影: first, 程望舒: second, 韩景行: third }
    for (const name of order) {
      await expect(pages[name].getByTestId('do-agree')).toBeVisible()
      await does(pages[name], 'agree', reason(pages[name], `${name}同意`))
    }
    await expect(two.getByTestId('matter-actions')).toContainText('已经办结')
    await expect(two.getByTestId('matter-history')).toContainText('会签通过')
    await expect(two.getByTestId('matter')).toContainText('准予占道')
    await sound(two, 'a matter that is over')
    await shoot(two, 'matter-over')
  })

  test('what ends a matter asks once more; what was typed is not lost by Escape; the number is copied', async (t) => {
    const id = await registered(t, '申请错了 ' + fresh())
    const page = await consoleOf(t, 'bianji', `/matters/${id}`)
    await page.getByTestId('do-cancel').click()
    await expect(page.getByTestId('act-dialog')).toContainText('做完就结束了，不能再改')
    await page.getByTestId('act-reason').fill('重复登记')
    await page.keyboard.press('Escape')
    await expect(page.locator('.ask')).toContainText('刚才写的内容就没有了')
    await page.locator('.ask').getByRole('button', { name: '先不' }).click()
    await expect(page.getByTestId('act-reason')).toHaveValue('重复登记')
    await page.getByTestId('act-do').click()
    await expect(page.locator('.ask')).toContainText('就此结束，不能再改')
    await page.locator('.ask .el-button--danger').click()
    await expect(page.getByTestId('matter-actions')).toContainText('已经办结')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const number = await page.getByTestId('matter-number').innerText()
    await page.getByTestId('matter-number').click()
    await eventually('the number is copied', async () => (await page.evaluate(() => navigator.clipboard.readText())) === number)
    await page.emulateMedia({ media: 'print' })
    await expect(page.getByTestId('matter-actions')).toBeHidden()
    await expect(page.getByTestId('nav')).toBeHidden()
    await expect(page.getByTestId('matter-history')).toBeVisible()
    await shoot(page, 'matter-print')
  })
})

/** The signers in the order of the page. */
async function signers(page) {
  const rows = await page.getByTestId('matter-signers').locator('li').allInnerTexts()
  return rows.map((r) => ['林疏影', '程望舒', '韩景行'].find((n) => r.includes(n)))
}

describe('tasks', () => {
  test('are found by what the server knows, taken several at once, each row told for itself; all by keys', async (t) => {
    const mark = fresh()
    const ids = []
    for (const n of [1, 2, 3]) ids.push(await registered(t, `第 ${n} 号路灯 ${mark}`))
    const other = await consoleOf(t, 'zuoxi2', '/task')
    const page = await consoleOf(t, 'zuoxi1', '/task')
    await page.getByTestId('task-kind').click()
    await pick(page, '占道施工审批')
    await expect(page.getByTestId('task-list')).toContainText(`第 3 号路灯 ${mark}`)
    await page.getByTestId('task-state').click()
    await pick(page, '办理')
    await shoot(page, 'task-filtered')
    for (const id of ids) await page.getByTestId(`pick-${id}`).check()
    await expect(page.getByTestId('bulk-bar')).toContainText('勾了 3 件')
    await call(other, 'POST', `matters/${ids[1]}/actions/claim`, { version: 0, key: '' }) // a colleague is quicker with one
    await page.getByTestId('bulk-claim').click()
    await page.getByTestId('bulk-do').click()
    await expect(page.getByTestId('bulk-sum')).toContainText('办好 2 件，1 件没有办成')
    await expect(page.getByTestId('bulk-rows').locator('li', { hasText: '第 2 号' })).toContainText('罗星野已经在办')
    await shoot(page, 'task-bulk')
    await page.getByTestId('bulk-close').click()
    await expect(page.getByTestId('task-list')).notToContainText(`第 2 号路灯 ${mark}`)
    await sound(page, 'tasks')

    // Keys: the list is walked, one is opened and acted on, and put away.
    await page.keyboard.press('j')
    await expect(page.getByTestId('matter')).toBeVisible()
    await expect(page.getByTestId('do-submit')).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('act-dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('act-do')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('7')
    await eventually('the last tab is chosen', async () => (await page.getByTestId('tab-done').getAttribute('aria-selected')) === 'true')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: '按键' })).toContainText('下一件')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: '按键' })).toBeHidden()
    await page.keyboard.press('6')
    await expect(page.getByTestId('empty')).toContainText('您没有关注的事')
    await shoot(page, 'task-empty')
  })

  test('notices are counted, lead to the matter, and are marked as read', async (t) => {
    const title = '催一催 ' + fresh()
    const id = await registered(t, title)
    const opener = await consoleOf(t, 'bianji', `/matters/${id}`)
    await does(opener, 'urge')
    const page = await consoleOf(t, 'zuoxi1', '/notices')
    await expect(page.getByTestId('notices')).toContainText('请快办')
    await expect(page.getByTestId('nav-notices')).toContainText(/\d/)
    await shoot(page, 'notices')
    await sound(page, 'notices')
    await page.getByTestId('notices').locator('li', { hasText: title }).first().click()
    await expect(page.getByTestId('matter-history')).toContainText('催办')
    await page.goBack()
    await page.getByTestId('notices-read').click()
    await expect(page.locator('.unread')).toHaveCount(0)
    await expect(page.getByTestId('nav-notices')).toContainText(/^提醒$/)
  })

  test('a deputy sees what waits for whom they stand in for, acts in their name, and is ended early', async (t) => {
    const title = '替我看看 ' + fresh()
    const id = await registered(t, title)
    const away = await consoleOf(t, 'zuoxi2', '/task')
    await call(away, 'POST', `matters/${id}/actions/claim`, { version: 0, key: '' })
    await away.getByTestId('task-deputies').click()
    await person(away, '何晓棠')
    const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)
    const days = away.getByTestId('deputy-days').locator('input')
    await days.nth(0).fill(today)
    await days.nth(1).fill(today)
    await days.nth(1).press('Enter')
    await away.getByTestId('deputy-do').click()
    await expect(away.getByTestId('deputies')).toContainText('何晓棠')
    await shoot(away, 'deputies')
    await sound(away, 'deputies')
    await away.getByRole('link', { name: '回到待办' }).click()
    await expect(away.getByTestId('deputy-away')).toContainText('何晓棠正在替您办事')

    const page = await consoleOf(t, 'zuoxi1', '/task')
    await expect(page.getByTestId('deputy-for')).toContainText('您正替罗星野办事')
    await page.getByTestId('deputy-look').click()
    await page.getByTestId('task-list').getByText(title).click()
    await expect(page.getByTestId('matter-actions')).toContainText('替罗星野办')
    await shoot(page, 'task-behalf')
    await page.getByTestId('matter-actions').getByRole('button', { name: '送复核' }).click()
    await page.getByTestId('act-do').click()
    await expect(page.getByTestId('matter-history')).toContainText('何晓棠（替罗星野）')

    await away.goto(away.url().replace('/task', '/deputies'))
    await away.getByTestId('deputies').getByRole('button', { name: '提前结束' }).first().click()
    await away.locator('.ask .el-button--primary').click()
    await expect(away.getByTestId('deputies')).toContainText('没有约定')
    await page.goto(page.url().replace(/task.*/, 'task'))
    await expect(page.getByTestId('task-begin')).toBeVisible()
    await expect(page.getByTestId('deputy-for')).toHaveCount(0)
  })
})

describe('a change of terms', () => {
  test('is asked for with what it moves, approved by another, and stands in the history', async (t) => {
    const title = '提速 ' + fresh()
    const id = await registered(t, title)
    const asks = await consoleOf(t, 'lingdao', '/recomputes')
    await asks.getByTestId('change-ask').click()
    await asks.getByTestId('change-which').click()
    await pick(asks, '占道施工审批：承诺期限')
    await asks.getByTestId('change-amount').locator('input').fill('8')
    await asks.keyboard.press('Tab')
    await asks.getByTestId('change-look').click()
    await expect(asks.getByTestId('impact')).toContainText(title)
    await expect(asks.getByTestId('impact')).toContainText('推后')
    await asks.getByTestId('change-why').fill('市政府令 2026-7')
    await shoot(asks, 'change-ask')
    await asks.getByTestId('change-do').click()
    await expect(asks.getByTestId('changes').locator('li').first()).toContainText('请另一位同事来批准')
    await sound(asks, 'changes')

    const boss = await consoleOf(t, 'xitong', '/recomputes')
    await expect(boss.getByTestId('nav-recomputes')).toContainText(/\d/)
    const mine = boss.getByTestId('changes').locator('li', { hasText: '市政府令 2026-7' }).first()
    await mine.getByRole('button', { name: '现在会动哪些' }).click()
    await expect(mine).toContainText('到期时间会变')
    await mine.getByRole('button', { name: '批准并重算' }).click()
    await expect(boss.locator('.ask')).toContainText('批准以后不能撤回')
    await boss.locator('.ask .el-button--danger').click()
    await expect(mine).toContainText('算好了')
    await shoot(boss, 'change-done')
    const seen = await consoleOf(t, 'zuoxi1', `/matters/${id}`)
    await expect(seen.getByTestId('matter-history')).toContainText('市政府令 2026-7')
  })
})

describe('on a narrow screen and with long names', () => {
  test('nothing runs out of the page', async (t) => {
    const long = '关于解放路与人民路交叉口东北角因自来水主管道抢修需要临时占用机动车道和人行道并申请夜间连续施工的请示' + fresh()
    const id = await registered(t, long)
    for (const [name, path] of [['task', `/task?open=${id}`], ['matter', `/matters/${id}`], ['notices', '/notices'], ['deputies', '/deputies']]) {
      const page = await consoleOf(t, 'zuoxi1', path, { size: sizes.phone })
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (path.includes(String(id))) await page.getByTestId('matter').waitFor()
      await shoot(page, `narrow-${name}`)
      const wide = await page.evaluate(() => ['main', '.matter'].filter((s) => { const el = document.querySelector(s); return el && el.scrollWidth > el.clientWidth + 1 }))
      assert.deepEqual(wide, [], `${name} runs out of the screen`)
    }
  })

  test('a matter that is not there says so', async (t) => {
    const page = await consoleOf(t, 'zuoxi1', '/matters/999999')
    await expect(page.getByTestId('failed')).toContainText('没有这条内容，或者您无权查看')
    await shoot(page, 'matter-none')
  })
})
