// The phones that stand in this window, side by side, and whether the panel is open. The first phone is the one that the
// window's address names first; each further one has a desk of its own. The address of the window follows.
import { inject, reactive, type InjectionKey } from 'vue'
import { mostPhones, readAddress, writeAddress } from './screens'

export interface Other {
  key: number
  citizen: string
}

export function createStand() {
  const address = readAddress(location.search)
  let last = 0
  const state = reactive({
    panel: address.panel,
    /** Who holds the first phone, and the chat that is open in it. */
    first: { citizen: address.citizen, account: address.account },
    others: address.others.map((citizen): Other => ({ key: ++last, citizen })),
    /** The citizen whose phone was used last: the panel speaks of it. */
    front: address.citizen,
  })

  function show() {
    const next = writeAddress({ ...state.first, panel: state.panel, others: state.others.map((o) => o.citizen) })
    if (next !== location.pathname + location.search) history.replaceState(null, '', next)
  }

  const holds = (citizen: string) => state.first.citizen === citizen || state.others.some((o) => o.citizen === citizen)

  return {
    state,
    show,
    holds,
    full: () => state.others.length >= mostPhones - 1,
    /** Puts a citizen's phone beside the others; false when it stands there already or nothing more fits. */
    add(citizen: string): boolean {
      if (holds(citizen) || state.others.length >= mostPhones - 1) return false
      state.others.push({ key: ++last, citizen })
      state.front = citizen
      show()
      return true
    },
    remove(key: number) {
      state.others = state.others.filter((o) => o.key !== key)
      if (!holds(state.front)) state.front = state.first.citizen
      show()
    },
    /** A phone beside the first went to another hand. */
    turn(key: number, citizen: string) {
      const other = state.others.find((o) => o.key === key)
      if (other) other.citizen = citizen
      show()
    },
    setPanel(open: boolean) {
      state.panel = open
      show()
    },
  }
}

export type Stand = ReturnType<typeof createStand>

export const standKey: InjectionKey<Stand> = Symbol('stand')

export function useStand(): Stand {
  const stand = inject(standKey)
  if (!stand) throw new Error('no stand: App provides it')
  return stand
}
