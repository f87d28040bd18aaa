// The account's menu as the phone draws it: at most 3 buttons with at most 5 entries each
// (WeChat docs: Custom menus), whatever comes over the wire.

export interface RawButton {
  name?: string
  type?: string
  key?: string
  url?: string
  appid?: string
  pagepath?: string
  sub_button?: RawButton[] | { list?: RawButton[] } | null
}

export interface Entry {
  /** Position as POST /menu/tap wants it: [i] or [i, j]. */
  path: number[]
  name: string
  type: string
  key: string
  url: string
}

export interface Button extends Entry {
  entries: Entry[]
}

/** Taps that ask the citizen for something before the event goes out. */
export type Ask = 'none' | 'scan' | 'photo' | 'location'

const asks: Record<string, Ask> = {
  scancode_push: 'scan',
  scancode_waitmsg: 'scan',
  pic_sysphoto: 'photo',
  pic_photo_or_album: 'photo',
  pic_weixin: 'photo',
  location_select: 'location',
}

export const askOf = (type: string): Ask => asks[type] ?? 'none'

function subs(b: RawButton): RawButton[] {
  if (Array.isArray(b.sub_button)) return b.sub_button
  return b.sub_button?.list ?? []
}

const entry = (b: RawButton, path: number[]): Entry => ({ path, name: b.name ?? '', type: b.type ?? '', key: b.key ?? '', url: b.url ?? '' })

/** Reads {button:[…]}, {menu:{button:[…]}} or nothing; an account without a menu gives []. */
export function menuOf(raw: unknown): Button[] {
  const box = raw as { button?: RawButton[]; menu?: { button?: RawButton[] } } | null | undefined
  const list = box?.menu?.button ?? box?.button ?? []
  return list.slice(0, 3).map((b, i) => ({
    ...entry(b, [i]),
    entries: subs(b)
      .slice(0, 5)
      .map((s, j) => entry(s, [i, j])),
  }))
}

/** Next index for arrow keys in a list of n; wraps around. */
export function step(at: number, key: string, n: number): number {
  if (n === 0) return -1
  if (key === 'Home') return 0
  if (key === 'End') return n - 1
  if (key === 'ArrowDown' || key === 'ArrowRight') return (at + 1) % n
  if (key === 'ArrowUp' || key === 'ArrowLeft') return (at - 1 + n) % n
  return at
}
