// All that the parts of one phone share: who holds it, the accounts, the clock, the stream. The panel uses the first one's.
import { computed, inject, reactive, type InjectionKey } from 'vue'
import type { Sandbox } from '../api/sandbox'
import type { Account, ChatRow, Citizen, Clock, FriendRow, Hint, Notice } from '../api/kinds'
import { words } from '../api/http'
import { listen, type Live } from '../api/live'
import { home, type Spot } from '../place/city'
import { createOverlays } from './overlays'
import { createScreens } from './screens'
import { single } from './single'

export type TextSize = 'normal' | 'large' | 'elder'
export type Listener = (h: Hint) => void

const remembered = 'weizheng-phone'

interface Kept {
  citizen?: string
  /** Text size by citizen: a phone beside this one may be somebody else's with better eyes. */
  sizes?: Record<string, TextSize>
  /** The newest moment that each citizen has seen. */
  moments?: Record<string, number>
}

export interface Placed {
  /** Whose phone it is to be; '' for the last one held here, else the first of all. */
  citizen: string
  /** The chat to open. */
  account: string
  /** The window's first phone: it is remembered and gives the window its title. */
  first: boolean
  /** Told whenever another citizen or another chat is shown. */
  moved: (citizen: string, account: string) => void
}

function recall(): Kept {
  try {
    return JSON.parse(localStorage.getItem(remembered) ?? '{}') as Kept
  } catch {
    return {}
  }
}

export function createDesk(api: Sandbox, placed: Placed) {
  const kept = recall()
  const state = reactive({
    ready: false,
    /** Why the phone cannot start; empty when it can. */
    trouble: '',
    connected: true,
    me: null as Citizen | null,
    accounts: [] as Account[],
    chats: [] as ChatRow[],
    chatsLoaded: false,
    /** Talks with other citizens. */
    friends: [] as FriendRow[],
    /** The newest moment of all, by whom, and the newest that this citizen has looked at. */
    moments: { newest: 0, by: '', avatar: '', seen: 0 },
    notices: { last: null as Notice | null, unread: 0 },
    clock: { now: Date.now(), offset_ms: 0, wall: Date.now(), movable: false } as Clock,
    /** Civil time, moved on each second. */
    now: Date.now(),
    size: 'normal' as TextSize,
    /** Where the citizen is: the place picked last. */
    here: home as Spot,
  })
  const overlays = createOverlays()
  const screens = createScreens()
  const listeners = new Set<Listener>()
  let live: Live | undefined
  let clockRead = performance.now()

  const account = (id: string) => state.accounts.find((a) => a.id === id)
  const follows = (id: string) => state.me?.following?.includes(id) ?? false
  const unread = computed(() => state.chats.reduce((n, c) => n + c.unread, 0) + state.friends.reduce((n, f) => n + f.unread, 0) + state.notices.unread)

  function remember() {
    try {
      const now = recall() // another phone may have written since
      const sizes = state.me ? { ...now.sizes, [state.me.id]: state.size } : now.sizes
      const moments = state.me ? { ...now.moments, [state.me.id]: state.moments.seen } : now.moments
      localStorage.setItem(remembered, JSON.stringify({ citizen: placed.first ? state.me?.id : now.citizen, sizes, moments }))
    } catch {
      // a window without storage forgets; nothing else depends on it
    }
  }

  function showAddress() {
    const chat = screens.place.stack.find((s) => s.name === 'chat')
    placed.moved(state.me?.id ?? '', chat?.account ?? '')
    if (placed.first) document.title = state.me ? `${state.me.name}的沙箱手机` : '沙箱手机'
  }

  const load = {
    accounts: async () => {
      state.accounts = await api.accounts()
    },
    me: async () => {
      if (state.me) state.me = await api.citizen(state.me.id)
    },
    chats: async () => {
      const id = state.me?.id
      if (!id) return
      const rows = await api.chats(id)
      if (state.me?.id !== id) return
      state.chats = rows
      state.chatsLoaded = true
    },
    friends: async () => {
      const id = state.me?.id
      if (!id) return
      const rows = await api.friends(id)
      if (state.me?.id === id) state.friends = rows
    },
    moments: async () => {
      const newest = (await api.moments(undefined, 1)).moments?.[0]
      Object.assign(state.moments, { newest: newest?.id ?? 0, by: newest?.citizen.id ?? '', avatar: newest?.citizen.avatar ?? '' })
    },
    notices: async () => {
      const id = state.me?.id
      if (!id) return
      const page = await api.notices(id)
      if (state.me?.id === id) state.notices = { last: page.notices?.[0] ?? null, unread: page.unread }
    },
    clock: async () => setClock(await api.clock()),
  }

  function setClock(c: Clock) {
    state.clock = c
    clockRead = performance.now()
    state.now = c.now
  }

  const second = setInterval(() => (state.now = state.clock.now + (performance.now() - clockRead)), 1000)

  const again = {
    accounts: single(load.accounts),
    me: single(load.me),
    chats: single(load.chats),
    notices: single(load.notices),
    friends: single(load.friends),
    moments: single(load.moments),
    clock: single(load.clock),
  }

  function hear(h: Hint) {
    const all = h.topic === 'resync'
    if (all || h.topic === 'account') void again.accounts()
    if (all || h.topic === 'citizen') void again.me()
    if (all || h.topic === 'chat' || h.topic === 'citizen') void again.chats()
    if (all || h.topic === 'clock') void again.clock()
    if (all || h.topic === 'notice') void again.notices()
    if (all || h.topic === 'friend') void again.friends()
    if (all || h.topic === 'moment') void again.moments()
    listeners.forEach((l) => l(h))
  }

  async function hold(c: Citizen, chat = '') {
    live?.close()
    overlays.closeAll()
    screens.reset()
    Object.assign(state, { me: c, chats: [], chatsLoaded: false, friends: [], notices: { last: null, unread: 0 }, size: recall().sizes?.[c.id] ?? 'normal' })
    state.moments.seen = recall().moments?.[c.id] ?? 0
    if (chat && account(chat)) screens.openChat(chat)
    remember()
    showAddress()
    live = listen(c.id, hear, (on) => (state.connected = on))
    await Promise.all([load.chats(), load.notices(), load.friends(), load.moments()])
  }

  async function start() {
    state.trouble = ''
    try {
      await Promise.all([load.accounts(), load.clock()])
      const wanted = placed.citizen || (placed.first ? kept.citizen : '')
      let me = wanted ? await api.citizen(wanted).catch(() => null) : null
      if (!me) {
        if (placed.citizen) overlays.toast(`没有编号为“${placed.citizen}”的市民，先打开另一位的手机。`)
        me = (await api.citizens()).citizens?.[0] ?? null
      }
      state.ready = true
      if (me) await hold(me, !placed.citizen || placed.citizen === me.id ? placed.account : '')
    } catch (e) {
      state.trouble = words(e)
    }
  }

  screens.onChange(showAddress)

  return {
    api,
    state,
    overlays,
    screens,
    load,
    account,
    follows,
    unread,
    start,
    hold,
    setClock,
    setSize(size: TextSize) {
      state.size = size
      remember()
    },
    /** The phone is put away. */
    end() {
      live?.close()
      clearInterval(second)
      overlays.closeAll()
    },
    /** The citizen has looked at Moments up to the newest. */
    sawMoments() {
      state.moments.seen = state.moments.newest
      remember()
    },
    /** Hears hints until the returned function is called. */
    on(l: Listener) {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    /** Runs what a person asked for; a failure is told, and false comes back. */
    async attempt(work: () => Promise<unknown>): Promise<boolean> {
      try {
        await work()
        return true
      } catch (e) {
        overlays.toast(words(e))
        return false
      }
    },
  }
}

export type Desk = ReturnType<typeof createDesk>

export const deskKey: InjectionKey<Desk> = Symbol('desk')

export function useDesk(): Desk {
  const desk = inject(deskKey)
  if (!desk) throw new Error('no desk: App provides it')
  return desk
}
