// The phone's side of the wx object: hears the framed page, asks the person, answers.
import { onBeforeUnmount, onMounted, reactive, type Ref } from 'vue'
import { words } from '../api/http'
import Dialog from '../parts/Dialog.vue'
import { useConsent } from '../notice/useConsent'
import PaySheet from '../pay/PaySheet.vue'
import PictureSheet from '../picture/PictureSheet.vue'
import PictureView from '../picture/PictureView.vue'
import { toWGS } from '../place/gcj'
import type { Place } from '../place/city'
import PlacePicker from '../place/PlacePicker.vue'
import PlaceView from '../place/PlaceView.vue'
import ScanSheet, { type Found } from '../qr/ScanSheet.vue'
import { useActs } from '../state/acts'
import { useDesk } from '../state/desk'
import { usePage, type Share } from '../state/page'
import VoiceSheet, { type Spoken } from '../voice/VoiceSheet.vue'
import { longestMs, play, type Playing } from '../voice/sound'
import { change, openMenu, type MenuState } from './pagemenu'
import { event, number, originOf, readMessage, refusal, result, text, texts, throughProxy, type Call, type Note } from './protocol'

/** Thrown when the person said no; the SDK calls the page's cancel. */
class Cancelled extends Error {}

function chosen<T>(value: T | null): T {
  if (value === null) throw new Cancelled()
  return value
}

export function useBridge(frame: Ref<HTMLIFrameElement | null>, noted: () => void) {
  const desk = useDesk()
  const acts = useActs()
  const page = usePage()
  const consent = useConsent()
  const { api, overlays } = desk
  const state = reactive({ menu: openMenu as MenuState, shares: {} as Record<string, Share>, recording: false })
  const spokenWords = new Map<string, string>()
  const playing = new Map<string, Playing>()
  let minute: ReturnType<typeof setTimeout> | undefined

  const origin = () => originOf(desk.state.me!.id, location.port)
  const post = (message: unknown) => frame.value?.contentWindow?.postMessage(message, origin())

  async function spoken(title: string, ok: string) {
    const s = chosen(await overlays.open<Spoken>(VoiceSheet, { title, ok }))
    const up = s.sound ? await api.upload('voice', s.sound, 'voice.amr', s.words) : await api.silence(s.words)
    spokenWords.set(up.media_id, s.words)
    return { media_id: up.media_id, recognition: s.words }
  }

  function stopRecording() {
    state.recording = false
    clearTimeout(minute)
  }

  const calls: Record<string, (args: Record<string, unknown>) => Promise<unknown> | unknown> = {
    async chooseImage(a) {
      const count = Math.min(9, Math.max(1, number(a.count, 9)))
      const sources = texts(a.sourceType)
      const files = chosen(await overlays.open<File[]>(PictureSheet, { count, sources: sources.length ? sources : undefined }))
      const media_ids: string[] = []
      for (const f of files) media_ids.push((await api.upload('image', f, f.name)).media_id)
      return { media_ids }
    },
    previewImage(a) {
      const through = (u: string) => throughProxy(u, page.state.url, page.state.frame)
      const urls = texts(a.urls).map(through).filter(Boolean)
      const current = through(text(a.current))
      if (!urls.length && current) urls.push(current)
      if (!urls.length) throw new Error('no picture')
      void overlays.open(PictureView, { urls, current })
    },
    async scanQRCode(a) {
      const found = chosen(await overlays.open<Found>(ScanSheet))
      if (number(a.needResult) === 1) return { result: found.text, type: /^\d{8,13}$/.test(found.text) ? 'barcode' : 'qrcode' }
      await acts.pursue(found)
      return {}
    },
    async getLocation(a) {
      const p = chosen(await overlays.open<Place>(PlacePicker, { title: '网页想知道您的位置', ok: '允许' }))
      const s = text(a.type) === 'gcj02' ? p : toWGS(p)
      return { latitude: s.lat, longitude: s.lng, speed: 0, accuracy: 30 }
    },
    openLocation(a) {
      const spot = { lat: number(a.latitude), lng: number(a.longitude) }
      void overlays.open(PlaceView, { spot, name: text(a.name, 100), address: text(a.address, 200) })
    },
    startRecord() {
      if (state.recording) throw new Error('already recording')
      state.recording = true
      minute = setTimeout(() => {
        stopRecording()
        void spoken('一分钟到了，录音结束', '完成').then((r) => post(event('voice_record_end', r)), () => undefined)
      }, longestMs)
    },
    async stopRecord() {
      if (!state.recording) throw new Error('not recording')
      stopRecording()
      return spoken('网页在录音', '完成')
    },
    async playVoice(a) {
      const id = text(a.media_id)
      playing.get(id)?.stop()
      playing.set(
        id,
        await play(api.mediaUrl(id), () => {
          playing.delete(id)
          post(event('voice_play_end', { media_id: id }))
        }),
      )
    },
    pauseVoice: (a) => playing.get(text(a.media_id))?.stop(),
    stopVoice: (a) => playing.get(text(a.media_id))?.stop(),
    async translateVoice(a) {
      const known = spokenWords.get(text(a.media_id))
      if (known) return { text: known }
      const input = { label: '说的是什么？', placeholder: '这里写的就是识别结果', lines: 2, max: 500 }
      return { text: chosen(await overlays.open<string>(Dialog, { title: '识别这段语音', ok: '完成', cancel: '取消', input })) }
    },
    async subscribe(a) {
      return { choices: chosen(await consent(text(a.appid, 64), texts(a.templates, 20), 'page')) }
    },
    async pay(a) {
      const bill = await api.bill(desk.state.me!.id, {
        appid: text(a.appid, 64),
        timestamp: text(a.timestamp, 32),
        nonce: text(a.nonce, 64),
        package: text(a.package, 256),
        sign_type: text(a.sign_type, 16),
        pay_sign: text(a.pay_sign),
      }).catch(async (e: unknown) => {
        await acts.tell('付不了款', words(e))
        throw e
      })
      chosen(await overlays.open<'paid'>(PaySheet, { bill }))
    },
    getNetworkType: () => ({ network_type: 'wifi' }),
    closeWindow() {
      page.close()
    },
    menu(a) {
      state.menu = change(state.menu, text(a.action), texts(a.items))
    },
    share(a) {
      const kind = text(a.kind)
      state.shares[kind] = { kind, title: text(a.title, 200), desc: text(a.desc, 400), link: text(a.link), img_url: text(a.img_url) }
    },
    toast(a) {
      overlays.toast(text(a.text, 200))
    },
  }

  async function answer(c: Call) {
    const fn = Object.hasOwn(calls, c.call) ? calls[c.call] : undefined
    const key = page.state.key
    let message: unknown
    try {
      message = fn ? result(c.id, await fn(c.args)) : refusal(c.id, 'the phone does not know ' + c.call)
    } catch (e) {
      message = refusal(c.id, e instanceof Cancelled ? 'cancel' : words(e))
    }
    if (page.state.key === key) post(message)
  }

  function note(n: Note) {
    if (n.note === 'page') {
      page.state.title = text(n.args.title, 200)
      page.state.url = text(n.args.url) || page.state.url
      page.state.canGoBack = n.args.can_go_back === true
      noted()
    }
    if (n.note === 'leave') void acts.outside(text(n.args.url))
  }

  function heard(e: MessageEvent) {
    if (e.source !== frame.value?.contentWindow || e.origin !== origin()) return
    const m = readMessage(e.data)
    if (!m) return
    if ('call' in m) void answer(m)
    else note(m)
  }

  onMounted(() => window.addEventListener('message', heard))
  onBeforeUnmount(() => {
    window.removeEventListener('message', heard)
    stopRecording()
    playing.forEach((p) => p.stop())
  })

  return { state, post }
}
