import { get, post, type Page } from '@/api/client'

/** A message that went out to a follower; its content stays sealed. */
export interface Outbound {
  id: number
  account_id: number
  follower_id: number
  kind: string
  source: string
  state: string
  /** State and reason in words. */
  word: string
  problem: string
  rid: string
  created_at: number
}

/** The messages of which nobody knows whether they arrived. */
export const listUncertain = (cursor: string, signal?: AbortSignal) => get<Page<Outbound>>('/outbound', { query: { state: 'uncertain', cursor }, signal })
/** What a person found out; it is not sent again. */
export const resolve = (id: number, delivered: boolean) => post<Outbound>('/outbound/{id}/resolve', { path: { id }, body: { delivered } })
