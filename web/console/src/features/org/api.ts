import { get, patch, post, put, type Page } from '@/api/client'

export interface Unit {
  id: number
  parent_id: number
  name: string
  short: string
  level: string
  path: string
  version: number
  staff_count?: number
}

export type StaffState = 'invited' | 'active' | 'disabled'

export interface Grant {
  role: string
  unit_id: number
  /** 0 for every account of the unit. */
  account_id: number
  /** 0 for no end. */
  until_at: number
}

export interface Staff {
  id: number
  login: string
  name: string
  unit_id: number
  unit_name: string
  post: string
  state: StaffState
  totp: boolean
  seen_at: number
  grants: Grant[]
  version: number
}

export interface StaffDraft {
  login: string
  name: string
  unit_id: number
  post: string
  version?: number
}

export interface Role {
  key: string
  name: string
  text: string
  permissions: string[]
}

/** The one-time link by which a person sets a password; shown once. */
export interface Invitation {
  id: number
  link: string
  until_at: number
}

export const listUnits = () => get<Page<Unit>>('/units')
export const createUnit = (body: { name: string; short: string; parent_id: number }) => post<Unit>('/units', { body })
export const changeUnit = (id: number, body: { name: string; short: string; version: number }) => patch<Unit>('/units/{id}', { path: { id }, body })
export const moveUnit = (id: number, body: { parent_id: number; version: number }) => post<Unit>('/units/{id}/move', { path: { id }, body })

export const listStaff = (query: { unit?: number | string; q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
  get<Page<Staff>>('/staff', { query, signal })
export const getStaff = (id: number) => get<Staff>('/staff/{id}', { path: { id } })
export const createStaff = (body: StaffDraft) => post<Invitation>('/staff', { body })
export const changeStaff = (id: number, body: Partial<StaffDraft>) => patch<Staff>('/staff/{id}', { path: { id }, body })
export const disableStaff = (id: number) => post('/staff/{id}/disable', { path: { id } })
export const enableStaff = (id: number) => post('/staff/{id}/enable', { path: { id } })
export const resetStaff = (id: number) => post<Invitation>('/staff/{id}/reset', { path: { id } })
export const setGrants = (id: number, grants: Grant[], version: number) =>
  put<Staff>('/staff/{id}/grants', { path: { id }, body: { grants, version } })
export const listRoles = () => get<Page<Role>>('/roles')
