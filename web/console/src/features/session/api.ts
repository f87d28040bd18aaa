import { del, get, post, type Page } from '@/api/client'

/** A device on which this person is logged in. */
export interface Device {
  id: string
  current: boolean
  address: string
  agent: string
  created_at: number
  seen_at: number
}

export const listDevices = () => get<Page<Device>>('/sessions')
export const endDevice = (id: string) => del('/sessions/{id}', { path: { id } })
export const changePassword = (old: string, fresh: string) => post('/password', { body: { old, new: fresh } })
export const activate = (token: string, password: string) =>
  post<{ login?: string; totp_uri?: string } | undefined>('/activate', { anonymous: true, body: { token, password } })
