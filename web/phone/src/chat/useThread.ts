// One open chat: loads, refetches on hints, loads older parts, sends.
import { onActivated, onBeforeUnmount, onDeactivated, reactive } from 'vue'
import type { Item, Outgoing } from '../api/kinds'
import { words } from '../api/http'
import { useDesk } from '../state/desk'
import { single } from '../state/single'
import { merge, refresh, type Draft } from '../state/thread'

/** The typing hint is forgotten after this long without a new one; WeChat keeps it for 15 s. */
const typingMs = 15_000

export function useThread(account: string) {
  const desk = useDesk()
  const who = { account, citizen: desk.state.me!.id }
  const state = reactive({
    items: [] as Item[],
    drafts: [] as Draft[],
    more: false,
    loading: true,
    loadingOlder: false,
    trouble: '',
    typing: false,
  })
  let lastKey = 0
  let looking = false
  let typingEnds: ReturnType<typeof setTimeout> | undefined

  async function fetchNewest() {
    try {
      const page = await desk.api.chat(who)
      const next = refresh(state.items, page.items ?? [], page.more)
      const last = state.items[state.items.length - 1]?.id ?? 0
      if (next.items.some((i) => i.id > last && i.from === 'account')) state.typing = false
      state.items = next.items
      if (next.more !== 'keep') state.more = next.more
      state.drafts = state.drafts.filter((d) => d.state === 'refused' || !state.items.some((i) => i.id === d.item.id))
      state.trouble = ''
      // A message that came while one looks at the chat is read.
      if (looking && document.visibilityState === 'visible' && desk.state.chats.some((c) => c.account === account && c.unread)) void desk.api.read(who).catch(() => undefined)
    } catch (e) {
      state.trouble = words(e)
    } finally {
      state.loading = false
    }
  }
  const reload = single(fetchNewest)

  async function older() {
    const first = state.items[0]
    if (!state.more || state.loadingOlder || !first) return
    state.loadingOlder = true
    try {
      const page = await desk.api.chat(who, first.id)
      state.items = merge(state.items, page.items ?? [])
      state.more = page.more && (page.items?.length ?? 0) > 0
    } catch (e) {
      desk.overlays.toast(words(e))
    } finally {
      state.loadingOlder = false
    }
  }

  /** Reads back until a message is held; false when the chat does not have it. */
  async function reach(id: number): Promise<boolean> {
    await reload()
    while (state.more && state.items.length && state.items[0]!.id > id) {
      const first = state.items[0]!.id
      await older()
      if (state.items[0]!.id === first) return false // it could not be fetched; older() has said why
    }
    return state.items.some((i) => i.id === id)
  }

  /** Sends and shows at once; what the sandbox refuses stays, marked, and can be sent again. */
  async function send(message: Outgoing, shown: Partial<Item> = {}) {
    const { type, ...rest } = message
    const item = { at: desk.state.now, from: 'citizen', type, ...rest, ...shown, id: -++lastKey } as Item
    const draft = reactive<Draft>({ key: lastKey, item, state: 'sending', why: '' })
    state.drafts.push(draft)
    try {
      const answer = await desk.api.send(who, message)
      draft.item.id = answer.item
      await reload()
    } catch (e) {
      draft.state = 'refused'
      draft.why = words(e)
      draft.item.media_id = 'media_id' in message ? message.media_id : undefined
      again.set(draft.key, message)
    }
  }
  const again = new Map<number, Outgoing>()

  function resend(draft: Draft) {
    const message = again.get(draft.key)
    state.drafts = state.drafts.filter((d) => d.key !== draft.key)
    if (message) void send(message, { url: draft.item.url })
  }

  const off = desk.on((h) => {
    if (h.topic === 'resync' || (h.topic === 'chat' && h.account === account)) void reload()
    if (h.topic === 'typing' && h.account === account) {
      state.typing = h.on !== false
      clearTimeout(typingEnds)
      typingEnds = setTimeout(() => (state.typing = false), typingMs)
    }
  })
  onBeforeUnmount(() => {
    off()
    clearTimeout(typingEnds)
  })

  onActivated(() => {
    looking = true
    void desk.api.enter(who, desk.state.here).then(desk.load.chats, () => undefined)
    void reload()
  })
  onDeactivated(() => (looking = false))

  return { state, who, older, reach, send, resend, reload }
}

export type Thread = ReturnType<typeof useThread>
