// Every face as people see it: written to shots/ (not in git) to be looked at, and held against the rules that hold for all:
// a title, one main part, one heading, names for what can be used, words that stand out, nothing broken.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faint, lacks } from './desk/access.js'
import { consoleOf, open, phoneOf, sizes, staffOf } from './desk/browser.js'
import { box, newCitizen } from './desk/box.js'
import { expect } from './desk/expect.js'
import { house } from './desk/house.js'
import { openTalk } from './desk/inbox.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const old = { id: 'laochen', name: '陈德顺' }
const long = '青云市云东区望云街道书院社区第三网格老旧小区改造业主委员会筹备组联系人王秀兰（周一至周五）'

describe('the phone, 390 × 844', () => {
  for (const elder of [false, true]) {
    test(elder ? 'in large letters' : 'as it is', async (t) => {
      const name = (n) => `phone-${elder ? 'elder-' : ''}${n}`
      const page = await phoneOf(t, old, { size: sizes.phone })
      const at = (id) => page.getByTestId(id)
      if (elder) {
        await at('tab-me').click()
        await at('size-elder').check({ force: true })
        await at('tab-chats').click()
      }
      await at('chat-qingyun').waitFor()
      await shoot(page, name('chats'))
      await at('tab-contacts').click()
      await shoot(page, name('contacts'))
      await at('tab-find').click()
      await shoot(page, name('find'))
      await at('tab-me').click()
      await shoot(page, name('me'))
      await at('tab-chats').click()
      await at('chat-qingyun').click()
      await at('menu').waitFor()
      await shoot(page, name('chat'))
      await at('menu-1').click()
      await shoot(page, name('chat-menu'))
      await page.keyboard.press('Escape')
      await at('to-keys').click()
      await at('chat-input').fill('我想问问高龄津贴怎么申请，腿脚不便，能不能上门办？谢谢了，孩子都不在身边。')
      await shoot(page, name('chat-typing'))
      await at('chat-input').fill('')
      await at('plus').click()
      await shoot(page, name('plus'))
      await at('plus-location').click()
      await shoot(page, name('place'))
      await at('sheet-back').click()
      await at('voice').click()
      await shoot(page, name('voice'))
      await at('sheet-close').click()
      await at('account-info').click()
      await shoot(page, name('account'))
      await at('back').click()
      await at('to-menu').click()
      await at('menu-2').click()
      await at('menu-2-0').click()
      await page.frameLocator('[data-testid=page-frame]').locator('h1').waitFor()
      await shoot(page, name('my-services'))
      assert.deepEqual(page.wrong, [])
    })
  }

  test('the citizen’s pages, as they are and in large letters', async (t) => {
    const phone = await pickUp(t, old, 'qingyun', { size: sizes.phone })
    await phone.taps(2, 0)
    for (const elder of ['', 'elder-']) {
      if (elder) {
        await phone.web.getByRole('link', { name: '大字版' }).click()
        await phone.web.getByRole('link', { name: '标准版' }).waitFor()
      }
      for (const [link, name] of [['我的数据', 'data'], ['清除我的数据', 'erase']]) {
        await phone.web.getByRole('link', { name: link }).click()
        await expect(phone.web.locator('h1')).toContainText(link)
        await shoot(phone.page, `citizen-${elder}${name}`)
      }
      await phone.web.getByRole('button').last().click()
      await expect(phone.web.getByRole('alert').first()).toBeVisible()
      await shoot(phone.page, `citizen-${elder}erase-wrong`)
      await phone.at('page-close').click()
      await phone.taps(2, 0)
      await phone.web.locator('h1').waitFor()
    }
    const { app } = await house()
    for (const [path, name] of [['/', 'portal'], ['/demo', 'guide'], ['/c/qingyun/', 'home'], ['/c/qingyun/me', 'stranger'], ['/c/qingyun/nothing', 'nothing']]) {
      await shoot(await open(t, app + path, { size: sizes.phone }), `citizen-${name}`)
    }
  })

  test('empty, long, and when things go wrong', async (t) => {
    const nobody = await newCitizen(long)
    const page = await phoneOf(t, nobody, { size: sizes.phone })
    await page.getByTestId('chats-empty').waitFor()
    await shoot(page, 'phone-empty')
    await page.getByTestId('tab-me').click()
    await shoot(page, 'phone-long-name')
    await page.getByTestId('tab-find').click()
    await page.getByTestId('scan').click()
    await page.getByTestId('scan-text').waitFor()
    await shoot(page, 'phone-scan')

    const citizen = await newCitizen('信号差的人', 'qingyun-jiaojing')
    const { fault } = await box.post('/faults', { path: 'callback', account: 'qingyun-jiaojing', kind: 'drop', times: 3 })
    t.after(() => box.del(`/faults/${fault.id}`).catch(() => undefined))
    const phone = await pickUp(t, citizen, 'qingyun-jiaojing', { size: sizes.phone })
    await phone.says('书院街哪里堵车？')
    await phone.at('system-line').waitFor()
    await shoot(phone.page, 'phone-no-service')
  })
})

describe('the sandbox beside the phone, 1440 × 900', () => {
  test('wire, faults, crowd, clock, accounts, help', async (t) => {
    const citizen = await newCitizen('好奇的人', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun', { size: sizes.desktop })
    await phone.asks('1000', '【社会保障卡】')
    await phone.page.locator('[data-testid=wire-row][data-dir=callback]').first().click()
    await shoot(phone.page, 'sandbox-wire')
    for (const tab of ['faults', 'crowd', 'clock', 'accounts', 'help']) {
      await phone.at(`panel-${tab}`).click()
      await shoot(phone.page, `sandbox-${tab}`)
    }
    assert.deepEqual(phone.page.wrong, [])
  })
})

describe('the console, 1440 × 900', () => {
  const faces = {
    xitong: [['/', 'workbench-admin'], ['/account', 'accounts'], ['/account/1', 'account'], ['/account/1?tab=limits', 'account-limits'], ['/account/new', 'account-new'], ['/org', 'org'], ['/org/role', 'roles'], ['/job', 'jobs'], ['/setting', 'settings'], ['/sessions', 'sessions'], ['/password', 'password'], ['/factor', 'factor']],
    shenji: [['/audit', 'audit'], ['/audit?actor=没有这个人', 'audit-empty']],
    zuoxi1: [['/', 'workbench'], ['/conversation', 'inbox'], ['/conversation?state=closed', 'inbox-closed'], ['/citizen', 'followers'], ['/citizen?q=没有这个人', 'followers-empty'], ['/citizen/tag', 'tags'], ['/nowhere', 'nowhere']],
    bianji: [['/reply', 'rules'], ['/reply?open=new', 'rule-new'], ['/reply?open=12', 'rule'], ['/reply?q=没有的词', 'rules-empty'], ['/menu', 'menu'], ['/audit', 'denied']],
    wangyun: [['/', 'workbench-empty'], ['/conversation', 'inbox-empty'], ['/account', 'accounts-empty'], ['/citizen', 'followers-none'], ['/reply', 'rules-none']],
  }
  for (const [login, pages] of Object.entries(faces)) {
    test(`of ${login}`, async (t) => {
      const page = await consoleOf(t, login)
      const { console: address } = await house()
      const wrong = {}
      for (const [path, name] of pages) {
        await page.goto(address.replace(/\/$/, '') + path)
        await page.locator('main h1').waitFor()
        await shoot(page, `console-${name}`)
        const found = [...(await lacks(page)), ...(await faint(page))]
        if (!/.+ · 为政$/.test(await page.title())) found.push(`a title of its own: ${await page.title()}`)
        if (found.length) wrong[path] = found
      }
      assert.deepEqual(wrong, {})
      assert.deepEqual(page.wrong, [])
    })
  }

  test('the door, and a wrong password', async (t) => {
    const { console: address } = await house()
    const page = await open(t, address + 'login')
    await page.getByTestId('login-name').fill((await staffOf('fabu')).login)
    await shoot(page, 'console-login')
    assert.deepEqual([...(await lacks(page)), ...(await faint(page))], [])
    await page.getByTestId('login-password').fill('not-this-one')
    await page.getByTestId('login-submit').click()
    await page.getByRole('alert').waitFor()
    await shoot(page, 'console-login-wrong')
  })

  test('a talk with everything in it', async (t) => {
    const citizen = await newCitizen('王秀兰', 'qingyun')
    const phone = await pickUp(t, citizen, 'qingyun')
    await phone.asks('社保卡怎么办', '合作银行网点')
    await phone.plus('image')
    await phone.at('picture-sample').click()
    await phone.at('picture-ok').click()
    await expect(phone.answers.last()).toContainText('图片收到了')
    await citizen.says(`报销单子交到哪里？我是${long}，我的号码 11010519491231002X。`)
    const desk = await consoleOf(t, 'zuoxi1', '/conversation')
    await openTalk(desk, '报销单子交到哪里？我是')
    await desk.getByTestId('claim').click()
    await expect(desk.getByTestId('claimed')).toContainText('您在接待')
    await desk.getByTestId('answer-box').fill('您好，到户籍所在街道便民服务中心交就行，带身份证、出院小结和发票。')
    await shoot(desk, 'console-talk')
    await desk.getByTestId('send').click()
    await expect(desk.locator('[data-testid=line][data-from=staff]').last()).toContainText('已送达')
    await desk.getByTestId('note-tab').click()
    await desk.getByTestId('answer-box').fill('家属电话里说下午再来')
    await shoot(desk, 'console-talk-note')

    const other = await consoleOf(t, 'zuoxi2', desk.url().split('/console')[1], { size: { width: 1024, height: 768 } })
    await expect(other.getByTestId('claimed')).toContainText('何晓棠 在接待')
    await shoot(other, 'console-talk-taken-tablet')
    await desk.keyboard.press('Control+k')
    await desk.getByTestId('palette-input').fill('社保')
    await expect(desk.getByTestId('palette')).toContainText('社保卡办理')
    await shoot(desk, 'console-palette')
  })

  test('a follower with a long remark, a rule on trial, a menu that is wrong, an account that is ill', async (t) => {
    await newCitizen('备注很长', 'qingyun-fabu')
    const desk = await consoleOf(t, 'zuoxi2', '/citizen')
    await desk.getByTestId('follower-list').locator('tbody tr').first().click()
    await desk.getByTestId('follower-remark').fill('书院社区王秀兰')
    await shoot(desk, 'console-follower')

    const editor = await consoleOf(t, 'bianji', '/reply/bench')
    await editor.getByTestId('bench-text').fill('社保卡丢了咋办')
    await editor.getByTestId('bench-run').click()
    await editor.getByTestId('bench-matched').waitFor()
    await shoot(editor, 'console-bench')

    const { console: address } = await house()
    await editor.goto(address + 'menu')
    await editor.getByTestId('menu-item-0').click()
    await editor.getByTestId('menu-name').fill('名字太长的一级菜单按钮')
    await editor.getByTestId('menu-form').getByRole('alert').waitFor()
    await shoot(editor, 'console-menu-wrong')

    t.after(() => box.patch('/accounts/qingyun-fabu', { ip_whitelist: [] }))
    await box.patch('/accounts/qingyun-fabu', { ip_whitelist: ['203.0.113.9'] })
    const admin = await consoleOf(t, 'xitong', '/account/2?tab=check')
    await admin.getByTestId('check-run').click()
    await admin.locator('[data-state=fail]').first().waitFor()
    await shoot(admin, 'console-check-ill')
    await admin.goto(address)
    await expect(admin.getByTestId('bench-trouble')).toContainText('白名单')
    await shoot(admin, 'console-workbench-ill')
    await box.patch('/accounts/qingyun-fabu', { ip_whitelist: [] })
    await admin.goto(address + 'account/2?tab=check')
    await admin.getByTestId('check-run').click()
    await expect(admin.getByTestId('check-summary')).toContainText('能用')
  })

  test('people', async (t) => {
    const page = await consoleOf(t, 'xitong', '/org')
    await page.getByTestId('staff-list').locator('tbody tr').nth(9).click()
    await page.locator('.el-drawer').waitFor()
    await shoot(page, 'console-staff')
  })
})
