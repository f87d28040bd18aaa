// Where the phone is: a tab, and the screens pushed over it. The address of the window follows, so
// that /?citizen=<id>&account=<id> opens the same chat again, in another window too.
import { computed, reactive, watch } from 'vue'

export type Tab = 'chats' | 'contacts' | 'find' | 'me'

export type Screen =
  | { name: 'chat'; account: string; item?: number }
  | { name: 'friend'; friend: string }
  | { name: 'friends' }
  | { name: 'moments' }
  | { name: 'looks' }
  | { name: 'search'; account?: string }
  | { name: 'account'; account: string; ticket?: string }
  | { name: 'notices' }
  | { name: 'article'; id: string; scene?: string }
  | { name: 'history'; account: string }
  | { name: 'consents'; account: string }
  | { name: 'citizens' }

export interface Address {
  citizen: string
  account: string
  /** The panel beside the phone: open unless panel=off. */
  panel: boolean
  /** Citizens whose phones stand beside the first one. */
  others: string[]
}

/** How many phones stand in one window; more do not fit on a desk. */
export const mostPhones = 3

export function readAddress(search: string): Address {
  const q = new URLSearchParams(search)
  const citizen = q.get('citizen') ?? ''
  const others = new Set((q.get('with') ?? '').split(',').filter((id) => id && id !== citizen))
  return { citizen, account: q.get('account') ?? '', panel: q.get('panel') !== 'off', others: [...others].slice(0, mostPhones - 1) }
}

export function writeAddress(a: Address): string {
  const q = new URLSearchParams()
  if (a.citizen) q.set('citizen', a.citizen)
  if (a.account) q.set('account', a.account)
  if (a.others.length) q.set('with', a.others.join(','))
  if (!a.panel) q.set('panel', 'off')
  const s = q.toString()
  return s ? '/?' + s : '/'
}

export function createScreens() {
  const place = reactive({ tab: 'chats' as Tab, stack: [] as Screen[] })
  const top = computed(() => place.stack[place.stack.length - 1])

  function push(s: Screen) {
    const t = top.value
    if (t && JSON.stringify(t) === JSON.stringify(s)) return
    place.stack.push(s)
  }

  return {
    place,
    top,
    push,
    back: () => place.stack.pop(),
    show(tab: Tab) {
      place.stack = []
      place.tab = tab
    },
    /** Opens a chat from anywhere, so that "back" leads to the list and not to where one came from. */
    openChat(account: string) {
      place.tab = 'chats'
      place.stack = [{ name: 'chat', account }]
    },
    openFriend(friend: string) {
      place.tab = 'chats'
      place.stack = [{ name: 'friend', friend }]
    },
    reset() {
      place.stack = []
      place.tab = 'chats'
    },
    onChange: (fn: () => void) => watch(() => [place.tab, ...place.stack.map((s) => JSON.stringify(s))], fn),
  }
}

export type Screens = ReturnType<typeof createScreens>
