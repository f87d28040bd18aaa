import { del, get, patch, post, type Page } from '@/api/client'

export interface Tag {
  id: number
  account_id: number
  name: string
  count: number
  /** here: not in WeChat, only kept by us; the -ing ones are on their way there. */
  state: 'here' | 'wechat' | 'adding' | 'renaming' | 'removing' | 'failed'
  problem: string
  version: number
}

/** A person as one account sees them. The name is the remark, or a made-up handle: WeChat gives no real names. */
export interface Follower {
  id: number
  account_id: number
  account_name: string
  /** The person, where several accounts' followers are known to be one; 0 when not. */
  citizen_id: number
  name: string
  number: string
  remark: string
  following: boolean
  important: boolean
  blacklisted: boolean
  /** How WeChat's own blacklist stands: told is in step, local is this system only. */
  blacklist_state: '' | 'telling' | 'told' | 'local' | 'failed'
  blacklist_problem?: string
  /** What was known of them is gone. */
  erased: boolean
  source: string
  tags: { id: number; name: string }[]
  followed_at: number
  left_at: number
  seen_at: number
  /** When what is known of them will be erased; 0 for never. */
  forget_at: number
  version: number
}

export interface Sync {
  state: 'idle' | 'running' | 'done' | 'failed'
  done: number
  total: number
  fresh: number
  gone: number
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
export const revealFollower = (id: number, reason: string) => post<{ openid: string; remark: string }>('/followers/{id}/reveal', { path: { id }, body: { reason } })
/** Undoes a joining: this follower and those of other accounts are not one person after all. */
export const separateFollower = (id: number, reason: string) => post<Follower>('/followers/{id}/separate', { path: { id }, body: { reason } })

export const listTags = (account: number) => get<Page<Tag>>('/tags', { query: { account } })
export const createTag = (account_id: number, name: string) => post<Tag>('/tags', { body: { account_id, name } })
export const renameTag = (id: number, version: number, name: string) => patch<Tag>('/tags/{id}', { path: { id }, body: { name, version } })
/** Gives a tag to many followers at once, or takes it from them. */
export const tagMany = (id: number, follower_ids: number[], on: boolean) => post<{ changed: number }>('/tags/{id}/followers', { path: { id }, body: { follower_ids, on } })
export const deleteTag = (id: number) => del('/tags/{id}', { path: { id } })

export const startSync = (id: number) => post<Sync>('/accounts/{id}/sync', { path: { id } })
export const getSync = (id: number) => get<Sync>('/accounts/{id}/sync', { path: { id } })
