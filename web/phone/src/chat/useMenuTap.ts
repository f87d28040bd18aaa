// A tap in the account's menu, with what the button wants of the phone: a scan, pictures, a place.
import type { Tapped, TapResult } from '../api/kinds'
import { askOf, type Entry } from '../menu/model'
import PictureSheet from '../picture/PictureSheet.vue'
import PlacePicker from '../place/PlacePicker.vue'
import type { Place } from '../place/city'
import ScanSheet, { type Found } from '../qr/ScanSheet.vue'
import { useActs } from '../state/acts'
import { useDesk } from '../state/desk'
import type { Thread } from './useThread'

/** Pictures one may send at once from the menu, as in WeChat. */
const pictures = 9

const sources: Record<string, string[]> = { pic_sysphoto: ['camera', 'album'], pic_photo_or_album: ['album', 'camera'], pic_weixin: ['album'] }

/** 13 digits are the bar code of a product; all else is taken for a QR code. */
const scanType = (text: string) => (/^\d{8,13}$/.test(text) ? 'barcode' : 'qrcode')

export function useMenuTap(thread: Thread) {
  const desk = useDesk()
  const acts = useActs()
  const { api, overlays } = desk

  return (entry: Entry) =>
    desk.attempt(async () => {
      const first = await api.tap(thread.who, entry.path)
      if (first.kind !== 'ask') return done(first)
      const asked = await ask(first.type)
      if (!asked) return
      await done(await api.tap(thread.who, entry.path, asked))
      if (first.type === 'scancode_waitmsg') overlays.toast('已交给公众号，请稍候。')
    })

  async function done(t: Tapped) {
    if (t.kind === 'page') await acts.openPage(t.url)
    else if (t.kind === 'miniprogram') await acts.miniProgram({ appid: t.appid, path: t.pagepath })
    else if (t.kind === 'text') await acts.show(t.text)
    else void thread.reload()
  }

  async function ask(type: string): Promise<TapResult | null> {
    switch (askOf(type)) {
      case 'scan': {
        const found = await overlays.open<Found>(ScanSheet)
        return found && { scan_type: scanType(found.text), scan_result: found.text }
      }
      case 'photo': {
        const files = await overlays.open<File[]>(PictureSheet, { title: '发送照片', ok: '发送', count: pictures, sources: sources[type] })
        if (!files) return null
        const media_ids: string[] = []
        for (const f of files) media_ids.push((await api.upload('image', f, f.name)).media_id)
        return { media_ids }
      }
      case 'location': {
        const p = await overlays.open<Place>(PlacePicker)
        return p && { lat: p.lat, lng: p.lng, scale: 16, label: p.address, poiname: p.name }
      }
      case 'none':
        throw new Error(`这部手机还不会“${type}”这种菜单。`)
    }
  }
}
