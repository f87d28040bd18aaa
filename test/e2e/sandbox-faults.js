// Causing trouble on purpose: what the panel orders happens to the program's calls, once, and then no more.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { box, newCitizen } from './desk/box.js'
import { sizes } from './desk/browser.js'
import { newAccount } from './desk/developer.js'
import { eventually, expect } from './desk/expect.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

describe('the fault panel', () => {
  test('orders an error code, a lost answer and a dead token for one account; each is used up', async (t) => {
    const citizen = await newCitizen('找茬的人')
    const account = await newAccount(t, '故障测试号')
    const phone = await pickUp(t, citizen, undefined, { size: sizes.desktop })
    await phone.at('panel-faults').click()
    const order = async (kind, path, more = async () => {}) => {
      await phone.at('fault-where-api').check({ force: true })
      await phone.at('fault-path').fill(path)
      await phone.at('fault-account').selectOption(account.id)
      await phone.at('fault-kind').selectOption(kind)
      await more()
      await phone.at('fault-add').click()
      await expect(phone.at('fault').first()).toContainText('还剩 1 次')
    }
    await order('code', '/cgi-bin/menu/create', () => phone.at('fault-code').fill('45009'))
    const menu = { button: [{ type: 'click', name: '问', key: 'ask' }] }
    await assert.rejects(account.api('/cgi-bin/menu/create', menu), { code: 45009 })
    await expect(phone.at('fault')).toHaveCount(0)
    await account.api('/cgi-bin/menu/create', menu)

    await order('drop_after', '/cgi-bin/menu/delete')
    await assert.rejects(account.api('/cgi-bin/menu/delete'))
    assert.equal((await box.get(`/menu?account=${account.id}`)).menu, null, 'it was done although no answer came')

    await order('revoke', '/cgi-bin/*')
    await shoot(phone.page, 'sandbox-faults-ordered')
    await assert.rejects(account.api('/cgi-bin/menu/create', menu), { code: 40001 })
  })

  test('decides what a publication comes to, and from where an account may call', async (t) => {
    const citizen = await newCitizen('作决定的人')
    const account = await newAccount(t, '决定测试号')
    const phone = await pickUp(t, citizen, undefined, { size: sizes.desktop })
    await phone.at('panel-faults').click()
    await phone.at('outcome-account').selectOption(account.id)
    await phone.at('outcome-goal').selectOption('publish')
    await phone.at('outcome-result').selectOption('4')
    await phone.at('outcome-add').click()
    await expect(phone.at('outcomes')).toContainText('下一次发布：平台审核不通过')
    const picture = await account.picture()
    const { media_id } = await account.api('/cgi-bin/draft/add', { articles: [{ title: '通知', content: '<p>正文</p>', thumb_media_id: picture.media_id }] })
    const { publish_id } = await account.api('/cgi-bin/freepublish/submit', { media_id })
    await eventually('the platform refuses it', async () => {
      const { publish_status } = await account.api('/cgi-bin/freepublish/get', { publish_id })
      return publish_status === 4 || publish_status
    })

    await phone.at('ip-close').click()
    await expect(phone.at('outcome-said')).toContainText('白名单里只剩 203.0.113.9')
    await assert.rejects(account.newToken(), { code: 40164 })
    await phone.at('ip-open').click()
    await expect(phone.at('ip-close')).toBeVisible()
    await account.newToken()
  })
})
