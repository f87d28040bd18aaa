// What an account cannot do is said before anybody composes it, in the words in which the server refuses: 青云交警 is a
// subscription account that nobody verified.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { box, newCitizen } from './desk/box.js'
import { consoleOf } from './desk/browser.js'
import { eventually, expect } from './desk/expect.js'
import { openTalk } from './desk/inbox.js'
import { shoot } from './desk/shot.js'

/** A call as the console makes it, in the page; refusals are answers too. */
function call(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const r = await fetch('/console/api' + p, { method: m, credentials: 'same-origin', headers: b ? { 'Content-Type': 'application/json' } : {}, body: b ? JSON.stringify(b) : undefined })
    return { status: r.status, body: r.status === 204 ? null : await r.json() }
  }, [method, path, body])
}

async function accountOf(page, slug) {
  return (await call(page, 'GET', '/accounts')).body.items.find((a) => a.slug === slug)
}

/** What the barrier says of why; the server must refuse with the same. */
async function note(page, feature) {
  const barrier = page.getByTestId(`barrier-${feature}`)
  await expect(barrier).toBeVisible()
  return barrier.locator('p').first().innerText()
}

async function sound(page, label) {
  await page.mouse.move(0, 0) // what is hovered is lighter
  assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [], label)
  assert.deepEqual(page.wrong, [], label)
}

describe('an account that nobody verified', () => {
  test('a menu cannot be published, and the draft says why', async (t) => {
    const page = await consoleOf(t, 'fabu')
    const { id } = await accountOf(page, 'qingyun-jiaojing')
    await page.goto(page.url().replace(/\/console\/.*/, `/console/menu?account=${id}`))
    const why = await note(page, 'menu')
    assert.match(why, /没有认证，不能“创建自定义菜单”.*微信认证/)
    await expect(page.getByTestId('barrier-menu')).toContainText('手工设置')
    await expect(page.getByTestId('menu-publish')).toBeDisabled()
    await shoot(page, 'ability-menu')
    await sound(page, 'the menu')

    const refused = await call(page, 'POST', `/menus/${id}/publish`, { version: 0 })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.detail, why)
  })

  test('nobody writes an answer that WeChat would refuse; notes are written still', async (t) => {
    const citizen = await newCitizen('钱大妈', 'qingyun-jiaojing')
    const words = '路口的车太多了' + citizen.id
    await citizen.says(words, 'qingyun-jiaojing')
    const page = await consoleOf(t, 'jiaojing-zuoxi', '/conversation?state=waiting')
    await openTalk(page, words)
    const why = await note(page, 'custom')
    assert.match(why, /没有认证，不能“发送客服消息”/)
    await expect(page.getByTestId('answer-box')).toBeHidden()
    await expect(page.getByTestId('send')).toBeDisabled()
    await shoot(page, 'ability-answer')
    await sound(page, 'the inbox')

    const id = new URL(page.url()).searchParams.get('open') ?? page.url().match(/(\d+)$/)[1]
    const refused = await call(page, 'POST', `/conversations/${id}/answers`, { text: '您好', key: 'e2e-' + citizen.id })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.detail, why)

    await page.getByTestId('note-tab').click()
    await page.getByTestId('answer-box').fill('已电话回复')
    await page.getByTestId('send').click()
    await expect(page.getByTestId('lines')).toContainText('已电话回复')
  })

  test('a rule has one answer, and what never happens here is said', async (t) => {
    const page = await consoleOf(t, 'jiaojing-bianji')
    const { id } = await accountOf(page, 'qingyun-jiaojing')
    await page.goto(page.url().replace(/\/console\/.*/, `/console/reply?account=${id}&open=new`))
    const why = await note(page, 'custom')
    await expect(page.getByTestId('answer-add')).toBeDisabled()
    await page.getByTestId('rule-when').click()
    await page.locator('.el-select-dropdown:visible .el-select-dropdown__item', { hasText: '菜单' }).first().click()
    assert.match(await note(page, 'menu'), /创建自定义菜单/)
    await shoot(page, 'ability-rule')
    await sound(page, 'the rule')

    const text = (content) => ({ type: 'text', content })
    const rule = { account_id: id, name: '两条', trigger: 'keyword', match: 'exact', words: ['两条'], answers: [text('一'), text('二')], enabled: true }
    const refused = await call(page, 'POST', '/replies', rule)
    assert.equal(refused.status, 422)
    assert.equal(refused.body.errors.find((f) => f.field === 'answers').text, why)
  })

  test('tags stay here, and the page of the account lists everything', async (t) => {
    const agent = await consoleOf(t, 'jiaojing-zuoxi', '/citizen/tag')
    await expect(agent.getByTestId('barrier-tag')).toContainText('只留在本系统里')
    await shoot(agent, 'ability-tag')
    await sound(agent, 'the tags')

    const page = await consoleOf(t, 'xitong')
    const { id } = await accountOf(page, 'qingyun-jiaojing')
    await page.goto(page.url().replace(/\/console\/.*/, `/console/account/${id}?tab=limits`))
    const row = (feature) => page.locator(`[data-feature=${feature}]`)
    await expect(row('menu')).toContainText('认证后有')
    await expect(row('qrcode')).toContainText('没有这项')
    await expect(page.getByTestId('abilities')).toContainText('已认证的服务号才有')
    await expect(row('draft')).toContainText('还剩 1,000')
    await page.getByTestId('calls').locator('summary').click()
    await expect(page.getByTestId('calls')).toContainText('按标签或全部群发')
    await shoot(page, 'ability-account')
    await sound(page, 'the account')
  })
})

test('what WeChat refused is shown with its day and can be looked at again', async (t) => {
  const page = await consoleOf(t, 'xitong')
  const { id } = await accountOf(page, 'qingyun-renshe')
  const address = page.url().replace(/\/console\/.*/, `/console/account/${id}?tab=limits`)
  await box.post('/faults', { path: '/cgi-bin/tags/create', account: 'qingyun-renshe', kind: 'code', code: 48001, times: 1 })
  const agent = await consoleOf(t, 'renshe-zuoxi', '/citizen/tag')
  await agent.getByTestId('tag-name').fill('e2e 试用')
  await agent.getByTestId('tag-add').click()
  await eventually('the refusal is known', async () => {
    const { body } = await call(page, 'GET', `/accounts/${id}/features`)
    return body.items.find((f) => f.name === 'tag').state === 'refused'
  })
  await page.goto(address)
  const row = page.locator('[data-feature=tag]')
  await expect(row).toContainText('微信没给')
  await expect(row).toContainText('错误码 48001')
  await shoot(page, 'ability-refused')
  await sound(page, 'a refusal')
  await agent.reload()
  await expect(agent.getByTestId('barrier-tag')).toContainText('接口权限')

  await page.getByTestId('recheck-tag').click()
  await expect(row).toContainText('能用')
  await agent.reload()
  await expect(agent.getByTestId('tag-list')).toContainText('e2e 试用')
  await expect(agent.getByTestId('barrier-tag')).toBeHidden()
})
