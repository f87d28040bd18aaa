// The JSON of the sandbox's own API (wechat/sandbox/API.md). Instants are ms UTC.

export interface Account {
  id: string
  name: string
  kind: 'subscription' | 'service'
  verified: boolean
  original_id: string
  appid: string
  avatar: string
  intro: string
  callback: string
  callback_state: 'none' | 'unchecked' | 'ok' | 'failed'
  callback_error?: string
  mode: 'plain' | 'compatible' | 'safe'
  principal?: string
  qr: string
  /** What the account's own code says. */
  qr_url: string
}

export interface Citizen {
  id: string
  name: string
  avatar: string
  snapshot: boolean
  openids: Record<string, string>
  following: string[]
}

export interface Article {
  title: string
  description: string
  pic_url: string
  url: string
}

export interface Item {
  id: number
  at: number
  wall_at?: number
  from: 'citizen' | 'account' | 'system'
  origin?: string
  type: string
  content?: string
  menu_id?: string
  media_id?: string
  url?: string
  hq_url?: string
  thumb_url?: string
  format?: string
  recognition?: string
  title?: string
  description?: string
  articles?: Article[]
  head?: string
  tail?: string
  list?: { id: string; content: string }[]
  appid?: string
  pagepath?: string
  lat?: number
  lng?: number
  scale?: number
  label?: string
  kf?: string
  delivery?: { state: 'pending' | 'ok' | 'failed' | 'none'; tries: number }
}

export interface ChatRow {
  account: string
  following: boolean
  unread: number
  last: Item | null
}

export interface Code {
  account: string
  ticket: string
  kind: string
  scene: string
  url: string
  image: string
  expires_at: number
}

export type Scanned =
  | { kind: 'event'; account: string; event: string }
  | { kind: 'profile'; account: string; ticket: string }
  | { kind: 'page'; url: string }
  | { kind: 'text'; text: string }

export type TapResult =
  | { scan_type: string; scan_result: string }
  | { media_ids: string[] }
  | { lat: number; lng: number; scale?: number; label?: string; poiname?: string }

export type Tapped =
  | { kind: 'event' | 'message' }
  | { kind: 'text'; text: string }
  | { kind: 'page'; url: string }
  | { kind: 'miniprogram'; appid: string; pagepath: string; url?: string }
  | { kind: 'ask'; type: string; key: string }

export interface Clock {
  now: number
  offset_ms: number
  wall: number
  movable: boolean
}

export interface Entry {
  id: number
  at: number
  dir: 'callback' | 'api' | 'oauth'
  account: string
  citizen: string
  method: string
  path: string
  status: number
  took_ms: number
  request: string
  request_plain?: string
  response: string
  response_plain?: string
  attempt: number
  code?: number
  error?: string
}

export type FaultKind = 'delay' | 'code' | 'html' | 'drop' | 'drop_after' | 'duplicate' | 'late' | 'revoke'

export interface Fault {
  id: string | number
  path: string
  account?: string
  kind: FaultKind
  code?: number
  delay_ms?: number
  times: number
  left: number
}

export type NewFault = Omit<Fault, 'id' | 'left'>

/** A service notice (服务通知): a template or subscription message as the citizen sees it. */
export interface Notice {
  id: number
  at: number
  account: string
  title: string
  fields: { name: string; value: string }[]
  remark?: string
  url?: string
  read: boolean
}

/** A page as it is shared: what others see before they open it. */
export interface Card {
  title: string
  description: string
  url: string
  thumb_url: string
}

/** A citizen as another one sees them. */
export interface Person {
  id: string
  name: string
  avatar: string
}

export interface FriendItem {
  id: number
  at: number
  from: 'citizen' | 'friend'
  type: 'text' | 'link'
  content?: string
  title?: string
  description?: string
  url?: string
  thumb_url?: string
}

export interface FriendRow {
  friend: Person
  unread: number
  last: FriendItem
}

export interface Moment {
  id: number
  at: number
  citizen: Person
  words: string
  card: Card | null
  likes: Person[]
}

/** One place where the words of a search stand. */
export interface SearchHit {
  account?: string
  friend?: Person
  item: Item
  text: string
}

export interface Hint {
  topic: 'chat' | 'menu' | 'typing' | 'citizen' | 'account' | 'code' | 'notice' | 'friend' | 'moment' | 'wire' | 'clock' | 'resync'
  account?: string
  citizen?: string
  on?: boolean
}

export type Outgoing =
  | { type: 'text'; content: string; menu_id?: string }
  | { type: 'image' | 'video' | 'shortvideo'; media_id: string }
  | { type: 'voice'; media_id?: string; recognition?: string }
  | { type: 'location'; lat: number; lng: number; scale?: number; label?: string }
  | { type: 'link'; title: string; description?: string; url: string }

export interface Uploaded {
  media_id: string
  url: string
  type: string
}
