// Forms inside matters, by staff: a flow with a form of every kind is begun by hand, left half filled, taken up again, refused
// at its fields in words, registered; the next step fills in its own, with a document as evidence; what is personal is masked.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { consoleOf } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { shoot } from './desk/shot.js'

const fresh = () => Date.now().toString(36)
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
const photo = (name) => ({ name, mimeType: 'image/png', buffer: png })

async function sound(page, label) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [], label)
  assert.deepEqual(page.wrong, [], label)
}
const pick = (page, text) => page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: text }).first().click()

/** A call as the console makes it, in the page. */
async function call(page, method, path, body) {
  const answer = await page.evaluate(async ([m, p, b]) => {
    const r = await fetch('/console/api' + p, { method: m, credentials: 'same-origin', headers: b ? { 'Content-Type': 'application/json' } : {}, body: b ? JSON.stringify(b) : undefined })
    return { status: r.status, body: r.status === 204 ? null : await r.json() }
  }, [method, path, body])
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

const when = (field, value) => ({ terms: [{ field, op: 'is', value }] })
const form = (title) => ({
  title,
  fields: [
    { name: 'h1', kind: 'heading', label: '谁来占道' },
    { name: 'who', kind: 'choice', label: '申请人是', required: true, options: [{ value: 'firm', label: '单位' }, { value: 'person', label: '个人' }] },
    { name: 'name', kind: 'text', rule: 'name', label: '姓名', class: 'personal', required: true, show: when('who', 'person') },
    { name: 'idno', kind: 'identity', label: '身份证号', class: 'sensitive', required: true, show: when('who', 'person') },
    { name: 'credit', kind: 'credit', label: '统一社会信用代码', class: 'public', required: true, show: when('who', 'firm') },
    { name: 'phone', kind: 'phone', label: '手机', mobile: true, class: 'personal', required: true },
    { name: 'plate', kind: 'plate', label: '施工车车牌', class: 'personal' },
    { name: 'h2', kind: 'heading', label: '占哪里、占多久' },
    { name: 'place', kind: 'place', label: '在哪个社区', depth: 5, required: true },
    { name: 'spot', kind: 'text', label: '占用的路段和具体位置，请写清楚从哪里到哪里、占几条车道、行人从哪边绕行', lines: true, required: true },
    { name: 'span', kind: 'date', period: true, label: '从哪天到哪天', required: true },
    { name: 'area', kind: 'number', label: '占用面积', unit: '平方米', decimals: 1, min: 1 },
    { name: 'cost', kind: 'money', label: '工程造价' },
    { name: 'needs', kind: 'choice', multiple: true, other: true, label: '需要谁配合', options: [{ value: 'police', label: '交警' }, { value: 'power', label: '供电' }] },
    { name: 'photo', kind: 'file', label: '现场照片', purpose: '核对现场', trust: 'D', accept: ['image'], required: true, max: 3 },
    { name: 'crew', kind: 'group', label: '现场人员', max: 3, fields: [{ name: 'cname', kind: 'text', label: '姓名', required: true, class: 'personal' }, { name: 'job', kind: 'choice', label: '做什么', options: [{ value: 'lead', label: '负责人' }, { value: 'hand', label: '工人' }] }] },
    { name: 'sign', kind: 'signature', label: '经办人签名', required: true },
    { name: 'h3', kind: 'heading', label: '核对' },
    { name: 'seen', kind: 'date', label: '哪天看的现场', required: true, not_after: 'today' },
    { name: 'fee', kind: 'money', label: '收费', required: true },
  ],
})
const flow = (key, title) => ({
  key, title, kind: key, text: '城管受理后看现场，再决定', form: key,
  roles: [{ name: 'chief', title: '审批人', permission: 'flow.publish' }],
  states: [
    { name: 'intake', title: '收件', acts: ['opener'], fills: ['who', 'phone', 'place', 'spot', 'span', 'photo', 'sign'], edits: ['name', 'idno', 'credit', 'plate', 'area', 'cost', 'needs', 'crew'] },
    { name: 'check', title: '看现场', acts: ['opener'], fills: ['seen', 'fee'], edits: ['area', 'phone', 'photo'] },
    { name: 'decide', title: '决定', acts: ['role:chief'], review: true },
    { name: 'done', title: '准予', end: true, outcome: 'granted' },
    { name: 'refused', title: '不予', end: true, outcome: 'rejected' },
  ],
  actions: [
    { name: 'pass', title: '受理', from: ['intake'], to: 'check' },
    { name: 'submit', title: '送审', from: ['check'], to: 'decide' },
    { name: 'pause', title: '等鉴定', does: 'suspend', from: ['check'], evidence: true },
    { name: 'resume', title: '接着办', does: 'resume', from: ['check'] },
    { name: 'grant', title: '同意', from: ['decide'], to: 'done', verdict: 'approve' },
    { name: 'refuse', title: '不同意', from: ['decide'], to: 'refused', verdict: 'refuse' },
  ],
})

/** Publishes form and flow by the API, as the designers' faces do. */
async function kind(t, key, title) {
  const clerk = await consoleOf(t, 'bianji', '/task')
  const boss = await consoleOf(t, 'fabu', '/task')
  const sheet = await call(clerk, 'POST', '/forms', { key, unit_id: 0, draft: form(title) })
  await call(boss, 'POST', `/forms/${sheet.id}/publish`, { version: sheet.version })
  const drawn = await call(clerk, 'POST', '/flows', { key, title, draft: flow(key, title) })
  await call(boss, 'POST', `/flows/${drawn.id}/publish`, { version: drawn.version })
  return { clerk, boss, sheet: sheet.id, flow: drawn.id }
}

const field = (page, name) => page.locator(`[data-field="${name}"]`)
const begin = async (page, title) => {
  await page.getByTestId('nav-task').click()
  await page.getByTestId('task-begin').click()
  await page.getByTestId('begin-flow').click()
  await pick(page, title)
  await page.getByTestId('form-view').waitFor()
}
/** Chooses places level by level. */
async function place(page) {
  for (const [level, name] of ['青云市', '云东区', '望云街道', '望云里社区'].entries()) {
    await field(page, 'place').locator('.el-select').nth(level).click()
    await pick(page, name)
    await expect(page.locator('.el-select-dropdown:visible')).toHaveCount(0)
  }
}
async function days(page, from, to) {
  for (const [n, day] of [from, to].entries()) {
    await field(page, 'span').locator('input').nth(n).fill(day)
    await page.keyboard.press('Enter')
  }
}

describe('forms inside matters', () => {
  test('begun by hand: kept half filled, refused at the fields, registered, masked', async (t) => {
    const title = '占道许可' + fresh()
    const { clerk, boss } = await kind(t, 'road-' + fresh(), title)
    await begin(clerk, title)
    await clerk.getByTestId('begin-title').fill('书院街挖管道占道')
    await clerk.getByTestId('answer-who-person').click()
    await expect(field(clerk, 'name')).toBeVisible()
    await expect(field(clerk, 'credit')).toHaveCount(0)
    await expect(field(clerk, 'fee')).toHaveCount(0) // the next step's
    await clerk.getByTestId('answer-name').fill('张小三')
    await clerk.getByTestId('answer-idno').fill('11010519491231002')
    await clerk.getByTestId('answer-phone').fill('1381234567')
    await clerk.getByTestId('answer-photo').locator('input[type=file]').setInputFiles(photo('现场.png'))
    await expect(clerk.getByTestId('answer-photo')).toContainText('现场.png')
    await shoot(clerk, 'begin-form')

    // Half filled, it waits for whoever began it.
    await clerk.getByTestId('begin-dialog').getByRole('button', { name: '先不' }).click()
    await expect(clerk.getByTestId('begin-dialog')).toHaveCount(0)
    await begin(clerk, title)
    await expect(clerk.getByTestId('begin-resumed')).toBeVisible()
    await expect(clerk.getByTestId('begin-title')).toHaveValue('书院街挖管道占道')
    await expect(clerk.getByTestId('answer-name')).toHaveValue('张小三')
    await expect(clerk.getByTestId('answer-photo')).toContainText('现场.png')

    // What is wrong stands at its field, all at once.
    await clerk.getByTestId('begin-do').click()
    await expect(field(clerk, 'idno')).toContainText('身份证号是 18 位，现在是 17 位')
    await expect(field(clerk, 'phone')).toContainText('手机号不对')
    await expect(field(clerk, 'place')).toContainText('请选一项')
    await expect(field(clerk, 'sign')).toContainText('请签名')
    await sound(clerk, 'faults in the dialog')
    await shoot(clerk, 'begin-faults')
    await clerk.setViewportSize({ width: 390, height: 844 })
    await shoot(clerk, 'begin-faults-phone')
    await clerk.setViewportSize({ width: 1280, height: 800 })

    await clerk.getByTestId('answer-idno').fill('11010519491231002X')
    await clerk.getByTestId('answer-phone').fill('13812345678')
    await place(clerk)
    await clerk.getByTestId('answer-spot').fill('书院街东段，找 13900001111')
    await days(clerk, '2027-03-01', '2027-03-05')
    await clerk.getByTestId('answer-area').fill('61.5')
    await clerk.getByTestId('answer-cost').fill('1200.50')
    await clerk.getByRole('button', { name: '添加一行' }).click()
    await clerk.getByTestId('answer-crew.0.cname').fill('李四光')
    await field(clerk, 'sign').getByRole('button', { name: '手写签名' }).click()
    await clerk.getByTestId('signature-pad').scrollIntoViewIfNeeded()
    const pad = await clerk.getByTestId('signature-pad').boundingBox()
    await clerk.mouse.move(pad.x + 40, pad.y + 40)
    await clerk.mouse.down()
    await clerk.mouse.move(pad.x + 120, pad.y + 90, { steps: 4 })
    await clerk.mouse.up()
    await clerk.getByTestId('signature-give').click()
    await expect(field(clerk, 'sign')).toContainText('签名.png')
    await clerk.getByTestId('begin-do').click()
    await expect(clerk.getByTestId('begin-dialog')).toHaveCount(0)

    const held = clerk.getByTestId('matter-fields')
    for (const shown of ['张*三', '1101**********002X', '138****5678', '书院街东段，找 ⟦电话1⟧', '61.5 平方米', '1200.50 元', '2027-03-01 至 2027-03-05', '李***']) await expect(held).toContainText(shown)
    await expect(clerk.getByTestId('matter-history')).toContainText('申请人是：个人')
    assert.ok(!(await clerk.getByTestId('matter').innerText()).includes('张小三'), 'a name stands readable')
    await expect(clerk.getByTestId('matter-file').first()).toBeVisible()
    await shoot(clerk, 'matter-fields')

    // The next steps: what is there may be changed where the step says so, without sending back what is masked.
    await clerk.getByTestId('do-pass').click()
    await expect(field(clerk, 'phone')).toContainText('138****5678')
    await shoot(clerk, 'act-first')
    await clerk.getByTestId('act-do').click()
    await expect(clerk.getByTestId('matter')).toContainText('看现场')
    await clerk.getByTestId('do-submit').click()
    await clerk.getByTestId('act-do').click()
    await expect(field(clerk, 'fee')).toContainText('必填')
    await clerk.getByTestId('answer-fee').fill('十块')
    await clerk.getByTestId('anew-phone').click()
    await clerk.getByTestId('answer-phone').fill('139')
    await field(clerk, 'seen').locator('input').fill('2020-01-02')
    await clerk.keyboard.press('Enter')
    await clerk.getByTestId('act-do').click()
    await expect(field(clerk, 'fee')).toContainText('请填金额')
    await expect(field(clerk, 'phone')).toContainText('手机号不对')
    await shoot(clerk, 'act-faults')
    await clerk.setViewportSize({ width: 390, height: 844 })
    await shoot(clerk, 'act-faults-phone')
    await clerk.setViewportSize({ width: 1280, height: 800 })
    await clerk.getByTestId('act-dialog').getByRole('button', { name: '先不' }).click()
    await clerk.locator('.ask .el-button--danger').click()

    // A pause with its document.
    await clerk.getByTestId('do-pause').click()
    await clerk.getByTestId('act-reason').fill('路面承重要鉴定')
    await clerk.getByTestId('evidence-file').setInputFiles(photo('鉴定委托书.png'))
    await expect(clerk.getByTestId('act-dialog')).toContainText('鉴定委托书.png')
    await shoot(clerk, 'act-evidence')
    await clerk.getByTestId('act-do').click()
    await expect(clerk.getByTestId('matter-history')).toContainText('鉴定委托书.png')
    await clerk.getByTestId('do-resume').click()
    await clerk.getByTestId('act-do').click()

    await clerk.getByTestId('do-submit').click()
    await clerk.getByTestId('answer-fee').fill('10')
    await clerk.getByTestId('anew-phone').click()
    await clerk.getByTestId('answer-phone').fill('13900002222')
    await field(clerk, 'seen').locator('input').fill('2020-01-02')
    await clerk.keyboard.press('Enter')
    await clerk.getByTestId('act-do').click()
    await expect(clerk.getByTestId('matter-history')).toContainText('手机：138****5678 → 139****2222')
    await expect(clerk.getByTestId('matter-history')).toContainText('收费：10.00 元')
    await shoot(clerk, 'matter-history')
    assert.deepEqual(clerk.wrong, [])

    // Who may not see forms reads the labels all the same; a paper is theirs to open, a personal one is not.
    await boss.reload()
    await boss.getByTestId('tab-mine').click()
    await boss.getByTestId('task-list').getByText('书院街挖管道占道').first().click()
    await expect(boss.getByTestId('matter-fields')).toContainText('姓名')
    await boss.getByTestId('do-grant').click()
    await boss.getByTestId('act-do').click()
    await expect(boss.getByTestId('matter')).toContainText('准予')
    assert.deepEqual(boss.wrong, [])
  })
})
