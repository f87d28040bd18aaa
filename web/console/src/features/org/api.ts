import { get, patch, post, put, type Page } from '@/api/client'

export interface Unit {
  id: number
  parent_id: number
  name: string
  short: string
  level: string
  path: string
  closed: boolean
  staff_count: number
  version: number
}

export type StaffState = 'invited' | 'active' | 'disabled' | 'expired'

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
  /** With the middle hidden. */
  phone: string
  outsourced: boolean
  /** End of the login; 0 for none. Outsourced people must have one. */
  until_at: number
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
  phone?: string
  outsourced: boolean
  until_at: number
}

export interface Role {
  key: string
  name: string
  text: string
  /** One of the three administrators' duties; '' for a role of the business. */
  duty: string
  permissions: string[]
  /** The roles that its holders may give; * is all. */
  gives: string[]
  builtin: boolean
  version: number
}

export interface Permission {
  key: string
  text: string
}

/** Work in somebody's hands that must go to another before they leave. */
export interface Held {
  name: string
  title: string
  count: number
}

/** The one-time link by which a person sets a password; shown once. */
export interface Invitation {
  id: number
  link: string
  until_at: number
}

export const listUnits = () => get<Page<Unit>>('/units')
export const createUnit = (body: { name: string; short: string; parent_id: number }) => post<Unit>('/units', { body })
export const changeUnit = (id: number, body: { name: string; short: string; closed: boolean; version: number }) => patch<Unit>('/units/{id}', { path: { id }, body })
export const moveUnit = (id: number, body: { parent_id: number; version: number }) => post<Unit>('/units/{id}/move', { path: { id }, body })

export const listStaff = (query: { unit?: number | string; q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
  get<Page<Staff>>('/staff', { query, signal })
export const getStaff = (id: number) => get<Staff>('/staff/{id}', { path: { id } })
export const createStaff = (body: StaffDraft) => post<Invitation>('/staff', { body })
export const changeStaff = (id: number, version: number, body: Partial<Omit<StaffDraft, 'login'>>) => patch<Staff>('/staff/{id}', { path: { id }, body: { ...body, version } })
export const disableStaff = (id: number) => post<Staff>('/staff/{id}/disable', { path: { id } })
export const enableStaff = (id: number) => post<Staff>('/staff/{id}/enable', { path: { id } })
/** A new link for a new password; keep: the second factor stays. */
export const resetStaff = (id: number, keep: boolean) => post<Invitation>('/staff/{id}/reset', { path: { id }, query: { keep_totp: keep || '' } })
/** Ends every session of a person. */
export const expelStaff = (id: number) => post('/staff/{id}/expel', { path: { id } })
export const revealPhone = (id: number, reason: string) => post<{ phone: string }>('/staff/{id}/reveal', { path: { id }, body: { reason } })
export const listHeld = (id: number) => get<Page<Held>>('/staff/{id}/holdings', { path: { id } })
/** Gives what somebody holds to another person and ends the login. */
export const handOver = (id: number, to: number) => post<Staff>('/staff/{id}/handover', { path: { id }, body: { to } })
export const setGrants = (id: number, grants: Grant[], version: number) => put<Staff>('/staff/{id}/grants', { path: { id }, body: { grants, version } })

export const listRoles = () => get<Page<Role>>('/roles')
/** version 0 makes a new role. */
export const setRole = (key: string, body: { name: string; text: string; permissions: string[]; gives: string[]; version: number }) => put('/roles/{key}', { path: { key }, body })
export const listPermissions = () => get<Page<Permission>>('/permissions')
