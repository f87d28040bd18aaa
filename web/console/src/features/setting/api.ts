import { del, get, put, type Page } from '@/api/client'

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
  /** Where the value comes from; '' is the default. */
  from: SettingScope | ''
  /** Whether this place gave it a value of its own, and whether it may. */
  own: boolean
  editable: boolean
  version: number
  changed_by: string
  changed_at: number
}

export const listSettings = (query: { account?: number | '' }) => get<Page<Setting>>('/settings', { query })
/** account 0 is the whole installation. */
export const setSetting = (name: string, account: number, value: string, version: number) =>
  put<Setting>('/settings/{name}', { path: { name }, query: { account: account || '' }, body: { value, version } })
/** Gives up a place's own value: the wider one holds again. */
export const unsetSetting = (name: string, account: number, version: number) =>
  del<Setting>('/settings/{name}', { path: { name }, query: { account: account || '', version } })
