// The staff console, as people with different rights meet it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { consoleOf, open, staffOf } from './desk/browser.js'
import { box, newCitizen } from './desk/box.js'
import { expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { pickUp } from './desk/phone.js'
import { totp } from './desk/totp.js'

/** Chooses in one of the console's drop-downs. */
async function choose(page, testId, option) {
  await page.getByTestId(testId).click()
  await page.locator('.el-select-dropdown:visible').getByText(option, { exact: true }).click()
}

/** Answers the question that stands over the page. */
const confirm = (page, button) => page.locator('.el-message-box').getByRole('button', { name: button }).click()

describe('logging in', () => {
  test('a wrong password is told plainly, the right one and the code lead to the workbench', async (t) => {
    const { console: address } = await house()
    const who = await staffOf('lingdao')
    const page = await open(t, address)
    await page.waitForURL(/\/console\/login/)
    await page.getByTestId('login-name').fill(who.login)
    await page.getByTestId('login-password').fill('wrong-password')
    await page.getByTestId('login-submit').click()
    await expect(page.getByRole('alert')).toContainText('登录名或密码不对')
    await expect(page.getByTestId('login-name')).toHaveValue('lingdao')

    await page.getByTestId('login-password').fill(who.password)
    await page.getByTestId('login-submit').click()
    await page.getByTestId('login-code').fill('000000')
    await expect(page.getByRole('alert')).toContainText('验证码不对')
    await page.getByTestId('login-code').fill(totp(who.totp_secret))
    await expect(page.locator('main h1')).toContainText('程望舒')
    assert.deepEqual(page.wrong, [])
  })

  test('a newcomer finds login, password and code in the guide', async (t) => {
    const { app } = await house()
    const page = await open(t, `${app}/demo`)
    const words = (await page.locator('body').innerText()).match(/yunwei\s+(\S+)\s+(\d{6})/)
    await page.getByRole('link', { name: '工作人员控制台' }).click()
    await page.getByTestId('login-name').fill('yunwei')
    await page.getByTestId('login-password').fill(words[1])
    await page.getByTestId('login-submit').click()
    await page.getByTestId('login-code').fill(words[2])
    await expect(page.locator('main h1')).toContainText('魏临川')
  })

  test('an address opened without a session comes after logging in', async (t) => {
    const { console: address } = await house()
    const who = await staffOf('jiandu')
    const page = await open(t, address + 'reply?q=社保卡')
    await page.getByTestId('login-name').fill(who.login)
    await page.getByTestId('login-password').fill(who.password)
    await page.getByTestId('login-submit').click()
    await page.getByTestId('login-code').fill(totp(who.totp_secret))
    await expect(page.getByTestId('rule-list')).toContainText('社保卡办理')
    await expect(page.getByTestId('rule-q')).toHaveValue('社保卡')
  })
})

describe('the doors that a person sees', () => {
  const doors = {
    xitong: ['工作台', '流程', '公众号', '机构与人员', '工作日历', '时限变更', '任务', '设置'],
    anquan: ['工作台', '公众号', '机构与人员', '设置'],
    shenji: ['工作台', '公众号', '机构与人员', '工作日历', '审计', '设置'],
    zuoxi1: ['工作台', '我的待办', '提醒', '消息', '规则', '测试台', '表单', '粉丝', '公众号', '工作日历'],
    bianji: ['工作台', '我的待办', '提醒', '规则', '测试台', '菜单', '表单', '流程', '公众号', '工作日历'],
    wangyun: ['工作台', '我的待办', '提醒', '消息', '规则', '测试台', '表单', '粉丝', '公众号', '工作日历'],
  }
  for (const [login, wanted] of Object.entries(doors)) {
    test(`${login}: ${wanted.join(' ')}`, async (t) => {
      const page = await consoleOf(t, login)
      await page.getByTestId('nav-account').waitFor()
      const shown = await page.getByTestId('nav').locator('a .title').allInnerTexts()
      assert.deepEqual(shown, wanted)
      assert.deepEqual(page.wrong, [])
    })
  }

  test('an address beyond the rights says so', async (t) => {
    const page = await consoleOf(t, 'bianji', '/audit')
    await expect(page.locator('main')).toContainText('这个页面不在您的权限里')
  })

  test('of other units nothing is shown', async (t) => {
    const city = await consoleOf(t, 'zuoxi1', '/account')
    await expect(city.getByTestId('account-list')).toContainText('青云交警')
    const department = await consoleOf(t, 'renshe-zuoxi', '/account')
    await expect(department.getByTestId('account-list')).toContainText('青云人社')
    await expect(department.getByTestId('account-list')).notToContainText('青云政务')
    const street = await consoleOf(t, 'wangyun', '/account')
    await expect(street.locator('main')).toContainText('没有您能看的公众号')
    await street.getByTestId('nav-conversation').click()
    await expect(street.getByTestId('conversation-list')).toContainText('没有人在等')
    await street.getByTestId('folder-closed').click()
    await expect(street.getByTestId('conversation-list')).toContainText('还没有结束的会话')
    await street.getByTestId('nav-citizen').click()
    await expect(street.locator('main')).toContainText('还没有粉丝')
  })
})

describe('an account checks itself', () => {
  async function checkOf(t, name) {
    const page = await consoleOf(t, 'xitong', '/account')
    await page.getByRole('link', { name }).click()
    await page.getByRole('tab', { name: '自检' }).click()
    await page.getByTestId('check-run').click()
    return page
  }

  test('it works as the city stands; only the port is not WeChat’s own', async (t) => {
    const page = await checkOf(t, '青云政务')
    await expect(page.getByTestId('check-summary')).toContainText('能用，1 处要留意')
    const findings = page.getByTestId('findings')
    await expect(findings.locator('li').first()).toContainText('在本机演示时不用管')
    await expect(findings).toContainText('AppID 和 AppSecret 都对')
    await expect(findings).toContainText('微信接受这台服务器的地址')
    await expect(findings.locator('[data-state=fail]')).toHaveCount(0)
  })

  test('an address that is not on the white list is named, with what to do', async (t) => {
    t.after(() => box.patch('/accounts/qingyun-fabu', { ip_whitelist: [] }))
    await box.patch('/accounts/qingyun-fabu', { ip_whitelist: ['203.0.113.9'] })
    const page = await checkOf(t, '青云发布')
    await expect(page.getByTestId('check-summary')).toContainText('不通')
    const worst = page.getByTestId('findings').locator('li').first()
    await expect(worst).toContainText('这台服务器的出口地址不在微信的 IP 白名单里')
    await expect(worst).toContainText('127.0.0.1')
    await expect(worst).toContainText('怎么办：到公众平台“开发接口管理 → IP 白名单”加上')

    await box.patch('/accounts/qingyun-fabu', { ip_whitelist: [] })
    await page.getByTestId('check-run').click()
    await expect(page.getByTestId('check-summary')).toContainText('能用')
  })

  test('a frozen secret is named, and all is well again when it is thawed', async (t) => {
    t.after(() => box.patch('/accounts/qingyun-renshe', { secret_frozen: false }))
    await box.patch('/accounts/qingyun-renshe', { secret_frozen: true })
    const page = await checkOf(t, '青云人社')
    await expect(page.getByTestId('check-summary')).toContainText('不通')
    await expect(page.getByTestId('findings').locator('[data-state=fail]').first()).toContainText('微信停用了这个公众号的接口')

    await box.patch('/accounts/qingyun-renshe', { secret_frozen: false })
    await page.getByTestId('check-run').click()
    await expect(page.getByTestId('check-summary')).toContainText('能用')
  })
})

describe('followers', () => {
  test('the one who followed just now stands on top; a remark is kept', async (t) => {
    const citizen = await newCitizen('刚来的', 'qingyun-fabu')
    const page = await consoleOf(t, 'zuoxi2', '/citizen')
    const first = page.getByTestId('follower-list').locator('tbody tr').first()
    await expect(first).toContainText('青云发布')
    await expect(first).toContainText('关注中')
    await first.click()
    const remark = `老街坊 ${citizen.id.slice(-4)}`
    await page.getByTestId('follower-remark').fill(remark)
    await page.getByTestId('follower-remark-save').click()
    await expect(page.getByTestId('follower-list').locator('tbody tr').first()).toContainText(remark)
  })
})

describe('a reply rule', () => {
  test('is written by an editor, reviewed by a colleague, tried on the bench, and answers on the phone', async (t) => {
    const word = `暖气费${Date.now() % 100000}`
    const page = await consoleOf(t, 'bianji', '/reply')
    await page.getByTestId('rule-new').click()
    await page.getByTestId('rule-name').fill(`取暖 ${word}`)
    await page.getByTestId('rule-word').fill(word)
    await page.getByTestId('rule-word').press('Enter')
    await page.getByTestId('answer-text').fill('取暖费 11 月 15 日前到供热站交，可以刷社保卡。')
    await page.getByTestId('rule-save').click()
    await expect(page.locator('.el-message')).toContainText('已送同事复审')
    await expect(page.getByTestId('rule-list').locator('tbody tr', { hasText: word })).toContainText('待复审')

    const colleague = await consoleOf(t, 'shenhe', `/reply?q=${encodeURIComponent(word)}`)
    await colleague.getByTestId('rule-list').locator('tbody tr', { hasText: word }).click()
    await expect(colleague.getByTestId('rule-proposal')).toContainText('待复审')
    await colleague.getByTestId('rule-matter').click()
    await expect(colleague.getByTestId('rule-difference')).toContainText('取暖费 11 月 15 日前到供热站交')
    await colleague.getByTestId('do-approve').click()
    await colleague.getByTestId('act-do').click()
    await expect(colleague.getByTestId('matter')).toContainText('已上线')

    await page.getByTestId('nav-reply/bench').click()
    await page.getByTestId('bench-text').fill(`请问${word}什么时候交`)
    await page.getByTestId('bench-run').click()
    await expect(page.getByTestId('bench-matched')).toContainText(`由规则“取暖 ${word}”回答`)
    await expect(page.getByTestId('bench-answer')).toContainText('供热站')

    const phone = await pickUp(t, await newCitizen('怕冷的人', 'qingyun'), 'qingyun')
    await phone.asks(`请问${word}什么时候交`, '取暖费 11 月 15 日前到供热站交')

    await page.getByTestId('nav-reply').click()
    await page.getByTestId('rule-q').fill(word)
    await page.getByTestId('rule-list').locator('tbody tr', { hasText: word }).click()
    await page.getByTestId('rule-versions').locator('summary').click()
    await expect(page.getByTestId('rule-versions')).toContainText('第 1 版，上线')
    await expect(page.getByTestId('rule-versions')).toContainText('顾长宁')
    assert.deepEqual([...page.wrong, ...colleague.wrong], [])
  })

  test('that says nothing cannot be saved, and an answer that is too long is told', async (t) => {
    const page = await consoleOf(t, 'bianji', '/reply?open=new')
    await page.getByTestId('rule-name').fill('太长')
    await page.getByTestId('rule-word').fill('太长')
    await page.getByTestId('rule-word').press('Enter')
    await page.getByTestId('answer-text').fill('长'.repeat(700))
    await page.getByTestId('rule-name').click()
    await expect(page.getByTestId('answer')).toContainText('最多 2048（约 680 个汉字）')
    await expect(page.getByTestId('rule-save')).toBeDisabled()
  })
})

describe('the menu', () => {
  test('an editor changes a button, a publisher publishes it, the phone shows it', async (t) => {
    const name = `便民${Date.now() % 1000}`
    const editor = await consoleOf(t, 'xinwen-bianji', '/menu')
    await editor.getByTestId('menu-item-0').click()
    await editor.getByTestId('menu-name').fill(name)
    await expect(editor.getByTestId('menu-phone')).toContainText(name)
    assert.equal(await editor.getByTestId('menu-publish').count(), 0, 'an editor does not publish')
    await editor.getByTestId('menu-save').click()
    await expect(editor.getByTestId('menu-state')).toContainText('草稿比它新，还没发布')

    const phone = await pickUp(t, await newCitizen('看菜单的人', 'qingyun-fabu'), 'qingyun-fabu')
    await expect(phone.at('menu')).toContainText('便民')
    await expect(phone.at('menu')).notToContainText(name)

    const publisher = await consoleOf(t, 'xinwen-fabu', '/menu')
    await publisher.getByTestId('menu-publish').click()
    await expect(publisher.locator('.el-message-box')).toContainText(name)
    await confirm(publisher, '发布给粉丝')
    await expect(publisher.getByTestId('menu-state')).toContainText(/现在用的是第 \d+ 版/)
    await expect(publisher.getByTestId('menu-state')).notToContainText('还没发布')
    await expect(phone.at('menu')).toContainText(name)
    assert.deepEqual([...editor.wrong, ...publisher.wrong], [])
  })

  test('a button WeChat would refuse is marked before anybody publishes it', async (t) => {
    const editor = await consoleOf(t, 'renshe-bianji', '/menu')
    await editor.getByTestId('menu-item-1').click()
    await choose(editor, 'menu-type', '打开网页')
    await editor.getByTestId('menu-url').fill('没有写网址')
    await expect(editor.getByTestId('menu-state')).toContainText('还有 1 处微信不会收')
    await editor.getByTestId('menu-discard').click()
    await confirm(editor, '放弃改动')
    await expect(editor.getByTestId('menu-state')).notToContainText('微信不会收')
  })
})

describe('the audit', () => {
  test('shows who did what, and that nothing was changed since', async (t) => {
    const word = `审计${Date.now() % 100000}`
    const editor = await consoleOf(t, 'bianji', '/reply?open=new')
    await editor.getByTestId('rule-name').fill(word)
    await editor.getByTestId('rule-word').fill(word)
    await editor.getByTestId('rule-word').press('Enter')
    await editor.getByTestId('answer-text').fill('好的。')
    await editor.getByTestId('rule-save').click()
    await expect(editor.locator('.el-message')).toContainText('已送同事复审')

    const page = await consoleOf(t, 'shenji', '/audit')
    await page.getByTestId('audit-actor').fill('苏念真')
    const newest = page.getByTestId('audit-list').locator('tbody tr').first()
    await expect(newest).toContainText('送审应答规则')
    await newest.click()
    await expect(page.locator('.el-drawer')).toContainText('苏念真')
    await page.keyboard.press('Escape')
    await page.getByTestId('audit-verify').click()
    await expect(page.getByTestId('audit-verdict')).toContainText(/没有改动|完整/)
  })
})
