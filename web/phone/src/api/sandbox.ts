// The sandbox's API, one function a verb.
import { call, query } from './http'
import type {
  Account, Article, Bill, Card, ChatRow, Citizen, Clock, Code, Comment, Crowd, CrowdOrder, Entry, Fault, FriendItem, FriendRow, Item, Look, Means, Moment, NewFault, NewOutcome, Notice, Outgoing, PayAsked, Person, Scanned, SearchHit, Tapped, TapResult, Template, Uploaded, WholeArticle,
} from './kinds'

export interface NewAccount {
  id: string
  name: string
  kind: Account['kind']
  verified: boolean
  callback?: string
  mode: Account['mode']
  intro?: string
}

export type AccountSecrets = Account & { secret: string; token: string; encoding_aes_key: string }

type Who = { account: string; citizen: string }

export const sandbox = {
  accounts: () => call<{ accounts: Account[] }>('GET', '/accounts').then((r) => r.accounts ?? []),
  createAccount: (a: NewAccount) => call<{ account: AccountSecrets }>('POST', '/accounts', a).then((r) => r.account),
  changeAccount: (id: string, change: { ip_whitelist: string[] }) => call<{ account: Account }>('PATCH', `/accounts/${encodeURIComponent(id)}`, change),
  outcomes: (account: string) => call<{ outcomes: { goal: string; status?: number; result?: string }[] | null }>('GET', '/outcomes' + query({ account })).then((r) => r.outcomes ?? []),
  planOutcome: (o: NewOutcome) => call('POST', '/outcomes', o),
  planCards: (account: string, kind: string, values: string[]) => call('POST', `/accounts/${encodeURIComponent(account)}/outcomes`, { kind, values }),
  forgetOutcomes: (account: string) => call('DELETE', '/outcomes' + query({ account })),
  verifyAccount: (id: string) => call<{ ok: boolean; error?: string }>('POST', `/accounts/${encodeURIComponent(id)}/verify`, {}),

  citizen: (id: string) => call<{ citizen: Citizen }>('GET', `/citizens/${encodeURIComponent(id)}`).then((r) => r.citizen),
  citizens: (search = '', after = '') => call<{ citizens: Citizen[]; next?: string }>('GET', '/citizens' + query({ query: search, after })),
  createCitizen: (name: string) => call<{ citizen: Citizen }>('POST', '/citizens', { name }).then((r) => r.citizen),
  changeCitizen: (id: string, change: { name?: string; snapshot?: boolean }) =>
    call<{ citizen: Citizen }>('PATCH', `/citizens/${encodeURIComponent(id)}`, change).then((r) => r.citizen),

  follow: (who: Who, ticket?: string) => call<{ already: boolean }>('POST', '/follow', { ...who, ticket }),
  unfollow: (who: Who) => call('POST', '/unfollow', who),
  scan: (citizen: string, what: { ticket: string } | { url: string }) => call<Scanned>('POST', '/scan', { citizen, ...what, follow: false }),
  send: (who: Who, message: Outgoing) => call<{ msg_id: string; item: number }>('POST', '/messages', { ...who, ...message }),
  tap: (who: Who, path: number[], result?: TapResult) => call<Tapped>('POST', '/menu/tap', { ...who, path, result }),
  /** Opens a chat; an account that asked for it is told where the citizen is. */
  enter: (who: Who, here: { lat: number; lng: number }) => call('POST', '/enter', { ...who, here }),
  read: (who: Who) => call('POST', '/read', who),

  upload: (type: 'image' | 'voice' | 'video', file: Blob, name: string, recognition = '') => {
    const form = new FormData()
    form.append('media', file, name)
    if (recognition) form.append('recognition', recognition)
    return call<Uploaded>('POST', '/media' + query({ type }), form)
  },
  /** A silent voice of fitting length, for machines without a microphone. */
  silence: (recognition: string) => {
    const form = new FormData()
    form.append('recognition', recognition)
    return call<Uploaded>('POST', '/media?type=voice', form)
  },
  mediaUrl: (id: string) => `/sandbox/api/media/${encodeURIComponent(id)}`,

  chats: (citizen: string) => call<{ chats: ChatRow[] }>('GET', '/chats' + query({ citizen })).then((r) => r.chats ?? []),
  chat: (who: Who, before?: number, limit = 30) => call<{ items: Item[]; more: boolean }>('GET', '/chat' + query({ ...who, before, limit })),
  menu: (who: Who) => call<unknown>('GET', '/menu' + query(who)),
  codes: () => call<{ codes: Code[] }>('GET', '/codes?limit=100').then((r) => r.codes ?? []),
  notices: (citizen: string, before?: number) => call<{ notices: Notice[]; more: boolean; unread: number }>('GET', '/notices' + query({ citizen, before, limit: 20 })),
  readNotices: (citizen: string) => call('POST', '/notices/read', { citizen }),

  articles: (account: string, before?: number) => call<{ articles: Article[]; more: boolean }>('GET', '/articles' + query({ account, before, limit: 20 })),
  article: (id: string, citizen: string) => call<{ article: WholeArticle }>('GET', `/articles/${encodeURIComponent(id)}` + query({ citizen })).then((r) => r.article),
  onArticle: (id: string, citizen: string, act: { kind: string; scene?: string; undo?: boolean }) =>
    call<{ article: WholeArticle }>('POST', `/articles/${encodeURIComponent(id)}/acts`, { citizen, ...act }).then((r) => r.article),
  comments: (id: string, citizen: string, before?: number) =>
    call<{ comments: Comment[]; more: boolean }>('GET', `/articles/${encodeURIComponent(id)}/comments` + query({ citizen, before, limit: 30 })),
  comment: (id: string, citizen: string, content: string) => call('POST', `/articles/${encodeURIComponent(id)}/comments`, { citizen, content }),

  looks: () => call<{ looks: Look[] }>('GET', '/looks?limit=50').then((r) => r.looks ?? []),
  looking: (id: string, citizen: string) => call<{ on: boolean }>('GET', `/looks/${encodeURIComponent(id)}` + query({ citizen })).then((r) => r.on),
  look: (id: string, citizen: string, on: boolean) => call<{ on: boolean }>('PUT', `/looks/${encodeURIComponent(id)}`, { citizen, on }).then((r) => r.on),

  askedConsent: (citizen: string, appid: string, templates: string[]) =>
    call<{ account: string; templates: Template[] }>('GET', '/subscribe' + query({ citizen, appid, templates: templates.join(',') })),
  giveConsent: (who: Who, scene: 'page' | 'article', choices: Record<string, 'accept' | 'reject'>) => call('POST', '/subscribe', { ...who, scene, choices }),
  consents: (who: Who) => call<{ templates: Template[] }>('GET', '/consents' + query(who)).then((r) => r.templates ?? []),
  setConsent: (who: Who, template: string, on: boolean) => call('PUT', '/consents', { ...who, template, on }),
  receive: (who: Who, on: boolean) => call('POST', '/receive', { ...who, on }),

  friends: (citizen: string) => call<{ friends: FriendRow[] }>('GET', '/friends' + query({ citizen })).then((r) => r.friends ?? []),
  friendChat: (citizen: string, friend: string, before?: number) =>
    call<{ friend: Person; items: FriendItem[]; more: boolean }>('GET', '/friends/chat' + query({ citizen, friend, before, limit: 40 })),
  tellFriend: (citizen: string, to: string, message: { type: 'text'; content: string } | ({ type: 'link' } & Card)) =>
    call<{ item: number }>('POST', '/friends/messages', { citizen, to, ...message }),
  readFriend: (citizen: string, friend: string) => call('POST', '/friends/read', { citizen, friend }),
  moments: (before?: number, limit = 20) => call<{ moments: Moment[]; more: boolean }>('GET', '/moments' + query({ before, limit })),
  showMoment: (citizen: string, words: string, card: Card | null) => call<{ moment: Moment }>('POST', '/moments', { citizen, words, card: card ?? undefined }),
  likeMoment: (id: number, citizen: string, on: boolean) => call('POST', `/moments/${id}/like`, { citizen, on }),
  dropMoment: (id: number, citizen: string) => call('DELETE', `/moments/${id}` + query({ citizen })),
  search: (citizen: string, words: string, account = '') => call<{ hits: SearchHit[]; more: boolean }>('GET', '/search' + query({ citizen, account, words, limit: 50 })),

  bill: (citizen: string, asked: PayAsked) => call<{ bill: Bill }>('POST', '/pay/bill', { citizen, ...asked }).then((r) => r.bill),
  pay: (citizen: string, prepay_id: string, means: Means) => call('POST', '/pay', { citizen, prepay_id, means }),

  wire: (after?: number, limit = 200) => call<{ entries: Entry[] }>('GET', '/wire' + query({ after, limit })).then((r) => r.entries ?? []),
  forgetWire: () => call('DELETE', '/wire'),
  clock: () => call<Clock>('GET', '/clock'),
  moveClock: (move: { advance_ms: number } | { to: number }) => call<Clock>('POST', '/clock', move),
  faults: () => call<{ faults: Fault[] }>('GET', '/faults').then((r) => r.faults ?? []),
  addFault: (f: NewFault) => call('POST', '/faults', f),
  removeFault: (id: string | number) => call('DELETE', `/faults/${encodeURIComponent(String(id))}`),
  removeFaults: () => call('DELETE', '/faults'),

  crowds: (limit = 10) => call<{ crowds: Crowd[] }>('GET', '/crowds' + query({ limit })).then((r) => r.crowds ?? []),
  crowd: (id: number) => call<{ crowd: Crowd }>('GET', `/crowds/${id}`).then((r) => r.crowd),
  beginCrowd: (o: CrowdOrder) => call<{ crowd: Crowd }>('POST', '/crowds', o).then((r) => r.crowd),
  endCrowd: (id: number) => call<{ crowd: Crowd }>('DELETE', `/crowds/${id}`).then((r) => r.crowd),

  /** Address in the phone's own browser for a web page; refused when no account owns it. */
  open: (citizen: string, url: string) => call<{ url: string }>('POST', '/open', { citizen, url }).then((r) => r.url),
}

export type Sandbox = typeof sandbox
