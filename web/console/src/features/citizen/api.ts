import { del, get, patch, post, type Page } from '@/api/client'

export interface Tag {
  id: number
  account_id: number
  name: string
  count: number
}

/** A person as one account sees them. The name is the remark, or a made-up handle: WeChat gives no real names. */
export interface Follower {
  id: number
  account_id: number
  account_name: string
  name: string
  remark: string
  following: boolean
  important: boolean
  blacklisted: boolean
  source: string
  tags: { id: number; name: string }[]
  followed_at: number
  left_at: number
  seen_at: number
  version: number
}

export interface Sync {
  state: 'idle' | 'running' | 'done' | 'failed'
  done: number
  total: number
  started_at: number
  ended_at: number
  detail?: string
}

export interface FollowerQuery {
  account?: number | string
  tag?: string
  state?: string
  q?: string
  cursor?: string
  limit?: number
}

export const listFollowers = (query: FollowerQuery, signal?: AbortSignal) => get<Page<Follower>>('/followers', { query: { ...query }, signal })
export const getFollower = (id: number) => get<Follower>('/followers/{id}', { path: { id } })
export const changeFollower = (id: number, body: { remark?: string; important?: boolean; blacklisted?: boolean; version: number }) =>
  patch<Follower>('/followers/{id}', { path: { id }, body })
export const tagFollower = (id: number, tag_ids: number[]) => post<Follower>('/followers/{id}/tags', { path: { id }, body: { tag_ids } })
/** Shows what is otherwise kept hidden; the reason is recorded. */
export const revealFollower = (id: number, reason: string) => post<{ openid: string; unionid?: string }>('/followers/{id}/reveal', { path: { id }, body: { reason } })

export const listTags = (account: number) => get<Page<Tag>>('/tags', { query: { account } })
export const createTag = (account_id: number, name: string) => post<Tag>('/tags', { body: { account_id, name } })
export const renameTag = (id: number, name: string) => patch<Tag>('/tags/{id}', { path: { id }, body: { name } })
export const deleteTag = (id: number) => del('/tags/{id}', { path: { id } })

export const startSync = (id: number) => post<Sync>('/accounts/{id}/sync', { path: { id } })
export const getSync = (id: number) => get<Sync>('/accounts/{id}/sync', { path: { id } })
