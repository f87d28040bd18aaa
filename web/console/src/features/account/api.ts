import { del, get, patch, post, put, type Page } from '@/api/client'

export type Kind = 'service' | 'subscription'
export type Mode = 'plain' | 'compatible' | 'safe'

/** An Official Account of WeChat. Secrets never come back: has_secret says whether one is kept. */
export interface Account {
  id: number
  slug: string
  name: string
  kind: Kind
  verified: boolean
  original_id: string
  appid: string
  mode: Mode
  unit_id: number
  unit_name: string
  intro: string
  principal: string
  contact: string
  farewell: string
  persona: Persona
  callback_url: string
  has_secret: boolean
  has_token: boolean
  has_key: boolean
  oauth_domain: boolean
  /** It says who a visitor is for accounts that cannot ask WeChat themselves. */
  identity: boolean
  can_authorise: boolean
  status_reason: string
  enabled: boolean
  /** WeChat's word that no call can succeed. */
  fault?: { code: number; meaning: string; at: number }
  followers?: number
  version: number
}

/** How an account calls itself and speaks. */
export interface Persona {
  name?: string
  tone?: string
}

/** What is typed when connecting an account or changing it; empty secrets keep what is there. */
export interface Draft {
  name: string
  slug: string
  kind: Kind
  verified: boolean
  original_id: string
  appid: string
  secret?: string
  token?: string
  encoding_aes_key?: string
  mode: Mode
  unit_id: number
  intro: string
  principal: string
  contact: string
  farewell: string
  persona: Persona
  oauth_domain: boolean
}

export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'fail'
  title: string
  detail?: string
  next?: string
}

export interface Report {
  at: number
  findings: Finding[]
}

export type Ability = 'able' | 'kind' | 'verify' | 'refused' | 'suspended' | 'fault' | 'spent'

/** One call of WeChat's API and whether the account may make it. */
export interface Capability {
  name: string
  title: string
  has: boolean
  state: Ability
  note?: string
  refused_at?: number
  code?: number
  rid?: string
  daily?: number
  per_minute?: number
  monthly?: number
}

/** How an account stands with something that people compose for WeChat; note is what its verb would refuse with. */
export interface Feature {
  name: string
  title: string
  able: boolean
  state: Ability
  note?: string
  instead?: string
  allowance?: string
  path: string
  refused_at?: number
  code?: number
  used: number
  limit: number
  left: number
  told: boolean
  resets_at?: number
}

/** Calls of one interface today; limit 0 is not published. */
export interface Quota {
  name: string
  title: string
  used: number
  limit: number
  resets_at?: number
  failed: number
  last_text?: string
  last_rid?: string
  last_at?: number
}

/** Callbacks of one day: taken in, and refused as not WeChat's. */
export interface CallbackDay {
  day: string
  good: number
  bad: number
  good_at: number
  bad_at: number
  bad_text: string
}

/** A file by which WeChat proves that a domain is ours. */
export interface Proof {
  name: string
  content: string
  path: string
}

export const listAccounts = () => get<Page<Account>>('/accounts')
export const getAccount = (id: number) => get<Account>('/accounts/{id}', { path: { id } })
export const createAccount = (body: Draft) => post<Account>('/accounts', { body })
export const changeAccount = (id: number, body: Partial<Draft> & { version: number }) => patch<Account>('/accounts/{id}', { path: { id }, body })
export const suspendAccount = (id: number, version: number, reason: string) => post<Account>('/accounts/{id}/suspend', { path: { id }, body: { version, reason } })
export const resumeAccount = (id: number, version: number) => post<Account>('/accounts/{id}/resume', { path: { id }, body: { version } })
export const makeIdentity = (id: number, version: number) => post<Account>('/accounts/{id}/identity', { path: { id }, body: { version } })
export const checkAccount = (id: number) => post<Report>('/accounts/{id}/check', { path: { id } })
/** The last report; nothing when it was never checked. */
export const lastCheck = (id: number) => get<Report>('/accounts/{id}/check', { path: { id } })
export const getCapabilities = (id: number) => get<{ items: Capability[] }>('/accounts/{id}/capabilities', { path: { id } })
export const getFeatures = (id: number) => get<{ items: Feature[] }>('/accounts/{id}/features', { path: { id } })
/** Looks again at what WeChat refused; asked: WeChat said so just now, else its next use decides. */
export const recheck = (id: number, path: string) => post<{ asked: boolean; capability: Capability }>('/accounts/{id}/capabilities/recheck', { path: { id }, body: { path } })
export const getQuota = (id: number) => get<{ items: Quota[] }>('/accounts/{id}/quota', { path: { id } })
/** Has WeChat count today's calls anew; an account has ten a month. */
export const clearQuota = (id: number) => post<{ items: Quota[] }>('/accounts/{id}/quota/clear', { path: { id } })
export const getCallbacks = (id: number) => get<{ items: CallbackDay[] }>('/accounts/{id}/callbacks', { path: { id }, query: { limit: 14 } })
/** Makes a new callback key or token; the old key still opens what is under way. */
export const rotateKey = (id: number, body: { version: number; token?: string; encoding_aes_key?: string }) => post<Account>('/accounts/{id}/rotate', { path: { id }, body })
export const listProofs = (id: number) => get<{ items: Proof[] }>('/accounts/{id}/proofs', { path: { id } })
export const setProof = (id: number, name: string, content: string) => put<Proof>('/accounts/{id}/proofs/{name}', { path: { id, name }, body: { content } })
export const removeProof = (id: number, name: string) => del('/accounts/{id}/proofs/{name}', { path: { id, name } })
