import { get, post, put, type Page } from '@/api/client'

export interface Unit {
  id: number
  parent_id: number
  name: string
  path: string
}

export interface Overview {
  units: Unit[]
  /** The year whose list is due and not there; 0: nothing is missing. */
  missing: number
  /** Whether one may import lists, which hold for everybody. */
  import: boolean
  now_at: number
}

export interface Span {
  from: string
  to: string
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Week = Record<(typeof weekdays)[number], Span[]>

/** A day that is not an ordinary weekday or weekend. */
export interface Day {
  date: string
  working: boolean
  name: string
  local: boolean
  half: boolean
  spans: Span[]
}

export type LocalKind = 'off' | 'work' | 'hours'

export interface LocalDay {
  from: string
  to: string
  name: string
  kind: LocalKind
  spans?: Span[]
  source: string
}

export interface List {
  title: string
  papers: string[]
  /** 0: it came with the system. */
  version: number
  reason: string
  created_by: string
  created_at: number
}

export interface Calendar {
  year: number
  known: boolean
  working_days: number
  days: Day[]
  list?: List
  local: LocalDay[]
  local_version: number
  above: (LocalDay & { unit: string })[]
  hours: Week
  own_hours: boolean
  hours_unit: string
  hours_version: number
  editable: boolean
}

export interface YearList {
  year: number
  title?: string
  papers: string[]
  days: { name: string; date: string; isOffDay: boolean }[]
}

export interface Change {
  date: string
  was: Day
  becomes: Day
}

export interface Preview {
  list: YearList
  changes: Change[]
  working_days: number
  known: boolean
  version: number
}

export interface Version {
  kind: 'year' | 'local' | 'hours'
  version: number
  year?: YearList
  local: LocalDay[]
  hours?: Week
  reason: string
  created_by: string
  created_at: number
}

export type RuleKind = 'working' | 'calendar' | 'running-hours' | 'business-hours'

export interface Rule {
  kind: RuleKind
  amount: number
  unit: 'day' | 'month' | 'hour'
  extension?: number
}

export interface Answer {
  due: string
  date: string
  provisional: boolean
  steps: { what: string; text: string }[]
}

export const getOverview = () => get<Overview>('/worktime')
export const getCalendar = (unit: number, year: number) => get<Calendar>('/worktime/{unit}', { path: { unit }, query: { year } })
export const countDue = (unit: number, from: string, rule: Rule) => post<Answer>('/worktime/{unit}/due', { path: { unit }, body: { from, rule } })
/** content is the file in base64. */
export const previewYear = (content: string) => post<Preview>('/worktime/years/preview', { body: { content } })
export const importYear = (list: YearList, version: number, reason: string) => put<Version>('/worktime/years', { body: { list, version, reason } })
export const setLocal = (unit: number, days: LocalDay[], version: number, reason: string) => put<Version>('/worktime/{unit}/local', { path: { unit }, body: { days, version, reason } })
/** Without hours the unit goes by those of the unit above. */
export const setHours = (unit: number, hours: Week | undefined, version: number, reason: string) =>
  put<Version>('/worktime/{unit}/hours', { path: { unit }, body: { ...(hours ? { hours } : {}), version, reason } })
export const listVersions = (unit: number, kind: Version['kind'], year: number, cursor: string) =>
  get<Page<Version>>('/worktime/{unit}/versions', { path: { unit }, query: { kind, year, cursor } })
