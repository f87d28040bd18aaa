import { get, post, type Page } from '@/api/client'

export type Outcome = 'done' | 'denied' | 'failed'

export interface Entry {
  id: number
  at: number
  actor: string
  verb: string
  verb_text: string
  object: string
  object_text: string
  unit_name: string
  outcome: Outcome
  detail: Record<string, unknown> | null
  address: string
  request_id: string
  sealed: boolean
}

export interface AuditQuery {
  actor?: string
  verb?: string
  object?: string
  outcome?: string
  /** ms, included */
  from?: number | ''
  /** ms, not included */
  to?: number | ''
  cursor?: string
}

export interface Verdict {
  ok: boolean
  first_bad: number
  rows: number
  unsealed: number
  faults: { batch: number; row: number; text: string }[]
  more: boolean
}

export const listEntries = (query: AuditQuery, signal?: AbortSignal) => get<Page<Entry>>('/audit', { query: { ...query }, signal })
export const verifyChain = () => post<Verdict>('/audit/verify')
