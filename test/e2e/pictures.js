// The four pictures of the README, made anew by `npm run pictures`: docs/pictures/*.png, each below 200 kB.
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { consoleOf, leaveBrowser } from './desk/browser.js'
import { newCitizen } from './desk/box.js'
import { expect } from './desk/expect.js'
import { leaveHouse } from './desk/house.js'
import { openTalk } from './desk/inbox.js'
import { pickUp } from './desk/phone.js'
import { shoot } from './desk/shot.js'

const most = 200_000
const to = (name) => fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url))

/** What is opened here ends with the run, as it would with a test. */
const run = { after() {} }

async function keep(page, name, clip) {
  await shoot(page, name, to(name), clip)
  const { size } = await stat(to(name))
  if (size > most) throw new Error(`${name}.png has ${size} bytes, at most ${most}`)
  console.log(`docs/pictures/${name}.png  ${Math.round(size / 1000)} kB`)
}

/** The phone with its frame, without the panel beside it. */
const held = { size: { width: 900, height: 880 } }
const frame = async (page) => {
  const { x, y, width, height } = await page.getByTestId('phone').boundingBox()
  return { x: x - 14, y: y - 14, width: width + 28, height: height + 28 }
}

async function onThePhone() {
  const citizen = await newCitizen('周阿姨', 'qingyun')
  const phone = await pickUp(run, { ...citizen, id: `${citizen.id}&panel=off` }, undefined, held)
  await phone.at('tab-chats').click()
  await phone.at('chat-qingyun').click()
  await phone.asks('社保卡丢了，怎么办？', '请马上挂失')
  await phone.at('to-menu').click()
  await phone.at('menu-2').click()
  await phone.page.mouse.move(5, 5)
  await keep(phone.page, 'phone', await frame(phone.page))
  await citizen.says('我妈今年 82 岁，走不动路，高龄津贴能不能上门办？')
  await phone.at('menu-2-0').click()
  await expect(phone.web.locator('body')).toContainText('等待工作人员答复')
  await keep(phone.page, 'citizen-page', await frame(phone.page))
}

/** The smallest window that has room for everything: the picture stays light. */
const desk = { size: { width: 1280, height: 720 } }

async function atTheDesk() {
  const inbox = await consoleOf(run, 'zuoxi1', '/conversation', desk)
  await openTalk(inbox, '高龄津贴能不能上门办')
  await inbox.getByTestId('claim').click()
  await inbox.getByTestId('answer-box').fill('您好，可以上门办。请告诉我老人住在哪个街道，我请街道便民服务中心 2 个工作日内电话联系您。')
  await expect(inbox.getByTestId('window')).toContainText('剩')
  await keep(inbox, 'inbox')

  const menu = await consoleOf(run, 'bianji', '/menu', desk)
  await menu.getByTestId('menu-item-1-0').click()
  await expect(menu.getByTestId('menu-form')).toContainText('社会保障卡')
  await keep(menu, 'menu')
}

try {
  await onThePhone()
  await atTheDesk()
} finally {
  await leaveBrowser()
  await leaveHouse()
}
