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
  /** From where its program may call; empty: from anywhere. */
  ip_whitelist?: string[]
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

/** An article as a card of a chat shows it. */
export interface CardArticle {
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
  articles?: CardArticle[]
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
  /** Of `images`: several pictures sent to all. */
  pictures?: { media_id: string; url: string }[]
  recommend?: string
  fields?: NoticeBody['fields']
  miniprogram?: NoticeBody['miniprogram']
  delivery?: { state: 'pending' | 'ok' | 'failed' | 'none'; tries: number }
}

export interface ChatRow {
  account: string
  following: boolean
  /** The switch 接收消息. */
  receiving?: boolean
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
  dir: 'callback' | 'api' | 'oauth' | 'pay' | 'notice'
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

export type CrowdAct = 'follow' | 'ask' | 'tap' | 'open' | 'fill' | 'rate'

export interface CrowdStep {
  act: CrowdAct
  words?: string
  path?: number[]
  url?: string
  values?: Record<string, string>
  wrong?: boolean
  after_ms?: number
}

export interface CrowdOrder {
  account: string
  citizens: number
  seed: number
  seconds: number
  rate?: number
  mix?: Partial<Record<CrowdAct, number>>
  words?: string[]
  pages?: string[]
  wrong?: number
  script?: CrowdStep[]
}

/** One act as a person of a crowd saw it. */
export interface CrowdSeen {
  citizen: string
  act: CrowdAct
  did: string
  outcome: string
  saw: string
  took_ms: number
}

export interface CrowdLine {
  act: CrowdAct
  count: number
  outcomes: Record<string, number>
  kinds: Record<string, number>
  sent_back?: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
  max_ms: number
}

export interface Crowd {
  id: number
  state: 'running' | 'done' | 'stopped' | 'cut'
  order: CrowdOrder
  started_at: number
  ended_at?: number
  behind_ms?: number
  report: { count: number; acts: CrowdLine[]; errors: { act: CrowdAct; saw: string; count: number }[]; missing: CrowdSeen[]; slowest: CrowdSeen[]; examples: CrowdSeen[] }
}

/** What a card of a template message or notice shows. */
export interface NoticeBody {
  title: string
  /** A one-time message has one field without a name. */
  fields: { name: string; key: string; value: string }[]
  url?: string
  miniprogram?: { appid: string; pagepath?: string }
}

/** What an account's next publication or mass message is to come to. */
export type NewOutcome = { account: string; goal: 'publish'; status: number } | { account: string; goal: 'mass'; result: string }

/** A service notice (服务通知) as the citizen sees it. */
export interface Notice extends NoticeBody {
  id: number
  at: number
  kind: 'template' | 'once' | 'subscription' | 'payment'
  account: string
  account_name: string
  unread: boolean
}

/** A template for which a citizen may be asked, with what they said before. */
export interface Template {
  id: string
  title: string
  type: 'once' | 'long' | 'message'
  scene: string
  fields: { key: string; name: string; rule: string; example: string }[]
  remain: number
  always: boolean
  refused: boolean
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

/** An article that an account published or sent. */
export interface Article {
  id: string
  /** Order of publication. */
  n: number
  account: string
  /** What was published together has one; `index` is the order in it, from 0. */
  article_id: string
  index: number
  type: string
  title: string
  author: string
  digest: string
  cover: string
  /** The page that anybody can read. */
  url: string
  at: number
  state: 'readable' | 'deleted' | 'banned'
  reads: number
  shares: number
  likes: number
  favourites: number
  comments: number
  mine?: { like: boolean; favourite: boolean }
}

export interface WholeArticle extends Article {
  /** HTML as the account wrote it, without scripts; for newspic, words. */
  content: string
  source_url: string
  pictures: string[]
  comments_open: boolean
}

/** An article that citizens say they are reading (在看). */
export interface Look {
  article: Article
  at: number
  readers: Person[]
}

export interface Comment {
  id: number
  citizen: string
  name: string
  avatar: string
  content: string
  at: number
  /** Chosen by the account: everybody sees it. */
  elected: boolean
  reply?: string
}

/** What a page wants to be paid. */
export interface Bill {
  prepay_id: string
  payee: string
  description: string
  /** fen */
  total: number
}

/** By what one pays: the empty card never suffices. */
export type Means = 'balance' | 'empty_card'

/** What a page gave to chooseWXPay. */
export interface PayAsked {
  appid: string
  timestamp: string
  nonce: string
  package: string
  sign_type: string
  pay_sign: string
}

/** One place where the words of a search stand. */
export interface SearchHit {
  account?: string
  friend?: Person
  item: Item
  text: string
}

export interface Hint {
  topic: 'chat' | 'menu' | 'typing' | 'citizen' | 'account' | 'code' | 'notice' | 'article' | 'friend' | 'moment' | 'look' | 'wire' | 'clock' | 'resync'
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
