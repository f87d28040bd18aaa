import { get, post, type Page } from '@/api/client'

export interface Entry {
  id: number
  at: number
  actor: string
  actor_id: number
  verb: string
  verb_text: string
  object: string
  object_text: string
  unit_name: string
  detail: Record<string, unknown> | null
  address: string
  sealed: boolean
}

export interface AuditQuery {
  actor?: string
  verb?: string
  object?: string
  from?: number | ''
  to?: number | ''
  cursor?: string
}

export interface Verdict {
  ok: boolean
  first_bad: number
  unsealed: number
}

export const listEntries = (query: AuditQuery, signal?: AbortSignal) => get<Page<Entry>>('/audit', { query: { ...query }, signal })
export const verifyChain = () => post<Verdict>('/audit/verify')
