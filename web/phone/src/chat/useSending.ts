// Sending what is not typed: pictures, video, voice, a place, a link.
import Dialog from '../parts/Dialog.vue'
import PictureSheet from '../picture/PictureSheet.vue'
import PlacePicker from '../place/PlacePicker.vue'
import type { Place } from '../place/city'
import { useDesk } from '../state/desk'
import { isWebAddress } from '../text/rich'
import VoiceSheet, { type Spoken } from '../voice/VoiceSheet.vue'
import type { Thread } from './useThread'
import VideoSheet from './VideoSheet.vue'

export function useSending(thread: Thread, sent: () => void) {
  const desk = useDesk()
  const { api, overlays } = desk

  async function images() {
    const files = await overlays.open<File[]>(PictureSheet, { title: '发送照片', ok: '发送', count: 9 })
    for (const f of files ?? []) {
      const up = await api.upload('image', f, f.name)
      void thread.send({ type: 'image', media_id: up.media_id }, { url: up.url })
      sent()
    }
  }

  async function video() {
    const f = await overlays.open<File>(VideoSheet)
    if (!f) return
    const up = await api.upload('video', f, f.name)
    void thread.send({ type: 'video', media_id: up.media_id }, { url: up.url })
    sent()
  }

  async function voice() {
    const s = await overlays.open<Spoken>(VoiceSheet)
    if (!s) return
    if (s.sound) {
      const up = await api.upload('voice', s.sound, 'voice.amr')
      void thread.send({ type: 'voice', media_id: up.media_id, recognition: s.words }, { url: up.url })
    } else void thread.send({ type: 'voice', recognition: s.words })
    sent()
  }

  async function location() {
    const p = await overlays.open<Place>(PlacePicker)
    if (!p) return
    void thread.send({ type: 'location', lat: p.lat, lng: p.lng, scale: 16, label: p.address ? `${p.name}（${p.address}）` : p.name })
    sent()
  }

  async function link() {
    const url = await overlays.open<string>(Dialog, { title: '发送链接', ok: '下一步', cancel: '取消', input: { label: '网址', placeholder: 'https://…' } })
    if (!url) return
    if (!isWebAddress(url)) return overlays.toast('网址要以 http:// 或 https:// 开头。')
    const title = await overlays.open<string>(Dialog, { title: '发送链接', ok: '发送', cancel: '取消', input: { label: '标题', placeholder: '这个网页讲什么', max: 60 } })
    if (!title) return
    void thread.send({ type: 'link', title, description: url, url })
    sent()
  }

  const ways: Record<string, () => Promise<void>> = { image: images, video, voice, location, link }

  return { pick: (what: string) => desk.attempt(() => ways[what]!()) }
}
