import { del, get, post, put, type Page } from '@/api/client'

/** A device on which this person is logged in. */
export interface Device {
  id: string
  /** staff: a desk; phone: entered from a reminder. */
  kind: string
  current: boolean
  address: string
  agent: string
  created_at: number
  seen_at: number
}

export const listDevices = () => get<Page<Device>>('/sessions')
export const endDevice = (id: string) => del('/sessions/{session}', { path: { session: id } })
export const changePassword = (old: string, fresh: string) => post('/password', { body: { old, new: fresh } })

/** What goes into the authenticator on the phone: by its QR code, or typed. */
export interface Factor {
  secret: string
  totp_uri: string
}

/** Whom an activation link is for. */
export const lookActivation = (token: string) => post<{ login: string; name: string }>('/activate/look', { anonymous: true, body: { token } })
export const activate = (token: string, password: string) =>
  post<{ login: string; secret?: string; totp_uri?: string }>('/activate', { anonymous: true, body: { token, password } })
export const beginFactor = () => post<Factor>('/factor')
/** The password is asked again when a factor is replaced. */
export const confirmFactor = (code: string, password: string) => put('/factor', { body: password ? { code, password } : { code } })
