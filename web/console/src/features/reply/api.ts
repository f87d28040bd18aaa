import { del, get, post, put, type Page } from '@/api/client'

export type Trigger = 'subscribe' | 'default' | 'keyword' | 'image' | 'voice' | 'video' | 'location' | 'link' | 'scan' | 'click'
export type Match = 'exact' | 'contains' | 'code'

export interface Article {
  title: string
  description: string
  pic_url: string
  url: string
}

/** One message of an answer, in the stored form of WeChat's replies. */
export type Answer =
  | { type: 'text'; content: string }
  | { type: 'image'; media_id: string }
  | { type: 'voice'; media_id: string }
  | { type: 'video'; media_id: string; title: string; description: string }
  | { type: 'music'; title: string; description: string; url: string; hq_url: string; thumb_media_id: string }
  | { type: 'news'; articles: Article[] }

export interface Draft {
  account_id: number
  name: string
  trigger: Trigger
  match: Match | ''
  words: string[]
  answers: Answer[]
  priority: number
  enabled: boolean
  valid_from_at: number
  valid_until_at: number
}

/** One wording of a rule. */
export interface Version {
  number: number
  state: 'waiting' | 'returned' | 'live' | 'refused' | 'withdrawn'
  reason: string
  /** Its review; 0: none was asked for. */
  matter_id: number
  proposed_by_id: number
  proposed_by: string
  proposed_at: number
  decided_by: string
  decided_at: number
  rule: Omit<Draft, 'account_id'>
}

export interface Rule extends Draft {
  id: number
  version: number
  hits: number
  /** Enabled and valid now. */
  speaking: boolean
  last_hit_at: number
  updated_at: number
  /** When it first went live; 0: nobody approved it yet. */
  published_at: number
  /** The newest wording where it is not live. */
  proposal: Version | null
}

export interface Step {
  responder: string
  took: boolean
  note: string
}

/** Answers in the order they go out: the first is the passive reply. */
export interface Trial {
  matched: Rule | null
  steps: Step[]
  answer: Answer[]
}

export const listRules = (query: { account?: number | string; trigger?: string; q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
  get<Page<Rule>>('/replies', { query, signal })
export const getRule = (id: number) => get<Rule>('/replies/{id}', { path: { id } })
export const createRule = (body: Draft) => post<Rule>('/replies', { body })
export const changeRule = (id: number, version: number, { account_id: _, ...rule }: Draft) => put<Rule>('/replies/{id}', { path: { id }, body: { ...rule, version } })
export const deleteRule = (id: number, version: number) => del('/replies/{id}', { path: { id }, query: { version } })
export const enableRule = (id: number, version: number, on: boolean) =>
  post<Rule>(on ? '/replies/{id}/enable' : '/replies/{id}/disable', { path: { id }, body: { version } })
export const withdrawRule = (id: number, version: number) => post<Rule>('/replies/{id}/withdraw', { path: { id }, body: { version } })
export const listVersions = (id: number) => get<{ items: Version[] }>('/replies/{id}/versions', { path: { id } })
/** What somebody says, or what happened instead of words (key: the scene or the menu's key). */
export const tryOut = (body: { account_id: number; text?: string; trigger?: Trigger; key?: string }) => post<Trial>('/replies/try', { body })
