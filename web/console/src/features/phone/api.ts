import { del, get, post, put, type Page } from '@/api/client'

/** What somebody is reminded of, and when not ('' for both: the house's hours). */
export interface Choice {
  fresh: boolean
  near: boolean
  late: boolean
  urge: boolean
  news: boolean
  quiet_from: string
  quiet_until: string
}

/** A member of staff's own phone, as far as there is one. */
export interface Phone {
  bound: boolean
  number: string
  bound_at: number
  follows: boolean
}

export interface Mine {
  /** problem: what cannot be sent, in a sentence. */
  way: { account: string; codes: boolean; problem: string }
  phone: Phone
  choice: Choice
  /** The house's quiet hours. */
  quiet: string[]
}

/** A code to be scanned (url '' where the account cannot), and a sentence to be sent instead. */
export interface Drawn {
  url: string
  word: string
  expires_at: number
  now_at: number
}

export type OfferState = 'open' | 'scanned' | 'told' | 'void' | 'over'

/** One message that went to the phone, or should have. */
export interface Parcel {
  id: number
  matter_id: number
  count: number
  state: 'queued' | 'sent' | 'unsent' | 'uncertain'
  word: string
  created_at: number
}

export const getMine = () => get<Mine>('/phone')
export const beginBinding = () => post<Drawn>('/phone/offer')
export const bindingState = () => get<{ state: OfferState }>('/phone/offer')
export const withdrawBinding = () => del('/phone/offer')
export const confirmBinding = (digits: string) => post('/phone', { body: { digits } })
export const unbind = () => del('/phone')
export const choose = (choice: Choice) => put('/phone/choice', { body: choice })
export const tryPhone = () => post<Parcel>('/phone/try')
export const listParcels = (cursor: string) => get<Page<Parcel>>('/phone/parcels', { query: { cursor } })
export const phoneOf = (id: number) => get<Phone>('/staff/{id}/phone', { path: { id } })
export const unbindPhoneOf = (id: number) => del('/staff/{id}/phone', { path: { id } })
