// The account's menu as the phone draws it: at most 3 buttons with at most 5 entries each
// (WeChat docs: Custom menus), whatever comes over the wire.

interface RawButton {
  name?: string
  type?: string
  key?: string
  url?: string
  sub?: RawButton[] | null
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

const entry = (b: RawButton, path: number[]): Entry => ({ path, name: b.name ?? '', type: b.type ?? '', key: b.key ?? '', url: b.url ?? '' })

/** Reads {menu:{buttons:[…]}}; an account without a menu gives []. */
export function menuOf(raw: unknown): Button[] {
  const list = (raw as { menu?: { buttons?: RawButton[] } | null } | null)?.menu?.buttons ?? []
  return list.slice(0, 3).map((b, i) => ({
    ...entry(b, [i]),
    entries: (b.sub ?? []).slice(0, 5).map((s, j) => entry(s, [i, j])),
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
