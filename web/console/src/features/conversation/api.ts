import { get, post, type Page } from '@/api/client'
import type { CardLine } from '@/ui/line'

export type Folder = 'waiting' | 'mine' | 'open' | 'closed'
export type Author = 'citizen' | 'rule' | 'staff' | 'system' | 'note'
/** '' for a line that we did not send. */
export type LineState = '' | 'sending' | 'sent' | 'refused' | 'uncertain'

export interface Conversation {
  id: number
  account_id: number
  account_name: string
  follower: { id: number; name: string }
  last: { text: string; at: number; kind: string; from: Author }
  /** 0 when nobody waits. */
  waiting_since_at: number
  claimed_by: { id: number; name: string; me?: boolean } | null
  starred: boolean
  state: 'open' | 'closed'
  version: number
}

export interface Detail {
  pic_url?: string
  recognition?: boolean
  latitude?: number
  longitude?: number
  title?: string
  url?: string
  event?: string
  key?: string
  source?: string
  articles?: { title: string; url?: string; pic_url?: string }[]
}

/** A file that somebody sent. WeChat keeps it for three days; kept means that it is with us. */
export interface Media {
  state: 'waiting' | 'kept' | 'gone' | 'refused'
  problem: string
  url: string
  content_type: string
  /** The browser may show or play it; else it is a file to save. */
  shown: boolean
  size: number
}

export interface Line {
  id: number
  from: Author
  by: { id: number; name: string } | null
  kind: string
  text: string
  detail: Detail
  media?: Media | null
  at: number
  state: LineState
  problem: string
}

/** What may still be said: WeChat's allowance after the follower's last act. left is -1 when it is not counted. */
export interface Window {
  left: number
  until_at: number
  reason: string
}

export interface Card {
  name: string
  title: string
  lines: CardLine[]
}

export interface Cards {
  cards: Card[]
  actions: { name: string; title: string; url: string }[]
}

const one = (id: number) => ({ path: { id } })

export const listConversations = (query: { account?: number | string; state: Folder; starred?: boolean | ''; cursor?: string }, signal?: AbortSignal) =>
  get<Page<Conversation>>('/conversations', { query, signal })
export const getConversation = (id: number, signal?: AbortSignal) => get<Conversation>('/conversations/{id}', { ...one(id), signal })
export const listLines = (id: number, before: number, signal?: AbortSignal) => get<Page<Line>>('/conversations/{id}/messages', { ...one(id), query: { before: before || '' }, signal })
export const getWindow = (id: number, signal?: AbortSignal) => get<Window>('/conversations/{id}/window', { ...one(id), signal })
export const getCards = (id: number, signal?: AbortSignal) => get<Cards>('/conversations/{id}/cards', { ...one(id), signal })

export const claim = (id: number, take: boolean) => post<Conversation>('/conversations/{id}/claim', { ...one(id), body: { take } })
export const release = (id: number) => post<Conversation>('/conversations/{id}/release', one(id))
export const close = (id: number) => post<Conversation>('/conversations/{id}/close', one(id))
export const star = (id: number, starred: boolean) => post<Conversation>('/conversations/{id}/star', { ...one(id), body: { starred } })
export const note = (id: number, text: string) => post<Line>('/conversations/{id}/note', { ...one(id), body: { text } })
/** The same key gives the same line, however often it is sent. */
export const answer = (id: number, text: string, key: string) => post<Line>('/conversations/{id}/answers', { ...one(id), body: { text, key } })
/** Shows one hidden value; why is kept in the audit. */
export const reveal = (id: number, line: number, reference: string, reason: string) =>
  post<{ value: string }>('/conversations/{id}/messages/{line}/reveal', { path: { id, line }, body: { reference, reason } })
