import { get, put, type Page } from '@/api/client'

export type SettingType = 'text' | 'int' | 'bool' | 'duration' | 'json'
export type SettingScope = 'installation' | 'unit' | 'account'

/** A setting `<part>.<name>` with its declaration; value is text in the form of its type. */
export interface Setting {
  name: string
  type: SettingType
  unit: string
  default: string
  value: string
  text: string
  source: string
  scope: SettingScope
  min: number
  max: number
  changed_by?: string
  changed_at?: number
}

export const listSettings = (query: { account?: number; unit?: number }) => get<Page<Setting>>('/settings', { query })
export const setSetting = (name: string, body: { value: string; account_id?: number; unit_id?: number }) => put<Setting>('/settings/{name}', { path: { name }, body })
