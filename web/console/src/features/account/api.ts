import { get, patch, post, type Page } from '@/api/client'

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
  callback_url: string
  has_secret: boolean
  has_key: boolean
  enabled: boolean
  followers: number
  version: number
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
  version?: number
}

export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'fail'
  title: string
  detail?: string
  next?: string
}

export interface Capability {
  name: string
  title: string
  has: boolean
  note?: string
}

export interface Quota {
  name: string
  title: string
  used: number
  limit: number
  resets_at?: number
}

export const listAccounts = () => get<Page<Account>>('/accounts')
export const getAccount = (id: number) => get<Account>('/accounts/{id}', { path: { id } })
export const createAccount = (body: Draft) => post<Account>('/accounts', { body })
export const changeAccount = (id: number, body: Partial<Draft>) => patch<Account>('/accounts/{id}', { path: { id }, body })
export const checkAccount = (id: number) => post<{ findings: Finding[] }>('/accounts/{id}/check', { path: { id } })
export const getCapabilities = (id: number) => get<{ items: Capability[] }>('/accounts/{id}/capabilities', { path: { id } })
export const getQuota = (id: number) => get<{ items: Quota[] }>('/accounts/{id}/quota', { path: { id } })
/** Makes a new callback key; the old one still opens what is under way. */
export const rotateKey = (id: number, body: { token?: string; encoding_aes_key?: string }) =>
  post<Account>('/accounts/{id}/rotate', { path: { id }, body })
