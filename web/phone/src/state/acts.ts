// What a citizen does with the phone that takes more than one step: opening pages, scanning, following.
import { articleOf, draftOf } from '../article/address'
import type { Scanned } from '../api/kinds'
import { Failure, words } from '../api/http'
import Dialog from '../parts/Dialog.vue'
import MiniSheet from '../chat/MiniSheet.vue'
import ScanSheet, { type Found } from '../qr/ScanSheet.vue'
import { scanned } from '../qr/what'
import { copyText } from './copy'
import { useDesk } from './desk'
import { usePage } from './page'

export function useActs() {
  const desk = useDesk()
  const page = usePage()
  const { overlays, api, screens } = desk
  const me = () => desk.state.me!.id

  const tell = (title: string, text = '') => overlays.open(Dialog, { title, text })
  const ask = (title: string, text: string, ok: string, danger = false) => overlays.open<true>(Dialog, { title, text, ok, cancel: '取消', danger })

  /** Opens an address: an article in the reader, a page in the browser. `scene` says where it was found. */
  async function openPage(url: string, scene?: string): Promise<void> {
    const article = articleOf(url, location.origin)
    if (article) {
      page.close()
      return void screens.push({ name: 'article', id: article, scene })
    }
    const draft = draftOf(url, location.origin)
    if (draft) return page.show(url, draft)
    try {
      page.show(url, await api.open(me(), url))
    } catch (e) {
      if (e instanceof Failure && e.code === 'origin') return outside(url)
      overlays.toast(words(e))
    }
  }

  /** An address of no account: the phone says so instead of leaving the sandbox unasked. */
  async function outside(url: string): Promise<void> {
    if (articleOf(url, location.origin)) return openPage(url)
    const yes = await overlays.open<true>(Dialog, {
      title: '外面的网页',
      text: `${url}\n\n它不属于沙箱里的任何公众号，手机里打不开。可以在浏览器的新窗口打开。`,
      ok: '在新窗口打开',
      cancel: '不打开',
    })
    if (yes) window.open(url, '_blank', 'noopener,noreferrer')
  }

  function miniProgram(app: { appid: string; path: string }, title = '') {
    return overlays.open(MiniSheet, { ...app, title })
  }

  async function follow(account: string, ticket?: string) {
    return desk.attempt(async () => {
      await api.follow({ account, citizen: me() }, ticket)
      await Promise.all([desk.load.me(), desk.load.chats()])
      screens.openChat(account)
    })
  }

  async function unfollow(account: string) {
    const name = desk.account(account)?.name ?? account
    const yes = await ask(`不再关注“${name}”？`, '以后收不到它发来的消息，聊天记录还在。随时可以再关注。', '不再关注', true)
    if (!yes) return
    await desk.attempt(async () => {
      await api.unfollow({ account, citizen: me() })
      await Promise.all([desk.load.me(), desk.load.chats()])
      screens.show('contacts')
      overlays.toast(`已不再关注${name}`)
    })
  }

  /** Opens the scanner and does what the code says. */
  async function scan() {
    const found = await overlays.open<Found>(ScanSheet)
    if (found) await pursue(found)
  }

  /** Does what a read code says: event, profile, page, or shows the words. */
  async function pursue(found: Found) {
    const what = found.ticket ? { ticket: found.ticket } : scanned(found.text)
    if (!what) return show(found.text)
    await desk.attempt(async () => {
      const r: Scanned = await api.scan(me(), what)
      if (r.kind === 'event') {
        await Promise.all([desk.load.me(), desk.load.chats()])
        screens.openChat(r.account)
      } else if (r.kind === 'profile') screens.push({ name: 'account', account: r.account, ticket: r.ticket })
      else if (r.kind === 'page') await openPage(r.url)
      else await show(r.text)
    })
  }

  /** What a code said, when it is no address. */
  async function show(text: string) {
    const copy = await overlays.open<true>(Dialog, { title: '扫描结果', text, ok: '复制', cancel: '关闭' })
    if (copy) await copyTold(text)
  }

  async function copyTold(text: string) {
    overlays.toast((await copyText(text)) ? '已复制' : '浏览器不允许复制，请手动选中。')
  }

  return { tell, ask, openPage, outside, miniProgram, follow, unfollow, scan, pursue, show, copyTold }
}
