import { del, get, post, type Page } from '@/api/client'
import type { Definition, Option } from '../flow/api'

export type Light = 'green' | 'yellow' | 'red'

export interface Matter {
  id: number
  number: string
  kind: string
  kind_title: string
  state: string
  state_title: string
  held: string
  light: string
  title: string
  sealed: boolean
  /** What it is about: the kind of noun and its id; '' and 0 when nothing. */
  subject_kind?: string
  subject_id?: number
  unit_id: number
  unit: string
  assignee_id: number
  assignee: string
  opened_at: number
  /** The first that falls due; 0: no clock runs. */
  due_at: number
  closed_at: number
  outcome_title: string
  version: number
}
export interface Pause {
  name: string
  from: number
  to?: number
  reason?: string
}
export interface Clock {
  clock: string
  title: string
  basis: string
  source: string
  state: string
  light: string
  started_at: number
  /** 0: never; */
  yellow_at: number
  /** 0: it stands still, nobody can say. */
  due_at: number
  day: string
  stopped_at: number
  provisional: boolean
  unit: string
  total: number
  elapsed: number
  left: number
  extended: number
  branch: number
  pauses: Pause[]
}
export interface Party {
  staff_id: number
  name: string
  turn: boolean
  watches: boolean
  acted_at: number
}
export interface Behalf {
  staff_id: number
  name: string
  options: Option[]
}
/** What of the run a face needs. */
export interface Run {
  version: number
  state: string
  branches?: { id: number; unit: number; status: string }[]
  signing?: { mode: string; slots: { id: number; who?: string; role?: string; state: string }[] }
  returned?: { from: string; mend?: string[] }
  hold?: { since: number; until?: number; reason: string }
  extension?: { clock: string; amount: number; reason?: string }
  steps: { state: string }[]
}
export interface Detail {
  matter: Matter
  code: string
  run: Run
  flow: Definition
  clocks: Clock[]
  parties: Party[]
  values: Record<string, unknown>
  edits: string[] | null
  options: Option[] | null
  behalf: Behalf[]
  watched: boolean
}
export interface Deed {
  id: number
  at: number
  written_at: number
  by: string
  for: string
  action: string
  reason: string
  evidence: string[] | null
  lines: string[]
}
/** What is said with an action; which fields count the option's asks say. */
export interface In {
  version: number
  key: string
  reason?: string
  evidence?: string[]
  values?: Record<string, unknown>
  behalf?: number
  staff?: number
  unit?: number
  units?: number[]
  signers?: number[]
  watch?: number[]
  branch?: number
  slot?: number
  before?: boolean
  state?: string
  direct?: boolean
  items?: string[]
  until?: number
  clock?: string
  amount?: number
  child?: { title: string; unit: number }
}
export interface Colleague {
  id: number
  name: string
  post: string
  unit: string
  yours: boolean
}
export interface Place {
  id: number
  parent_id: number
  name: string
}
export interface Filter {
  [name: string]: string | number | undefined
  kind?: string
  state?: string
  held?: string
  light?: string
  assignee?: number | string
  from_at?: number | string
  to_at?: number | string
}
export interface Counts {
  mine: number
  near: number
  late: number
  pool: number
  unread: number
}

const at = (matter: number) => ({ path: { matter } })

export const listTasks = (query: Filter & { scope: string; cursor: string }, signal?: AbortSignal) => get<Page<Matter>>('/tasks', { query, signal })
export const countTasks = () => get<Counts>('/tasks/counts')
export const listMatters = (query: Filter & { unit?: number; cursor: string }, signal?: AbortSignal) => get<Page<Matter>>('/matters', { query, signal })
export const getMatter = (id: number) => get<Detail>('/matters/{matter}', at(id))
export const getHistory = (id: number) => get<{ items: Deed[] }>('/matters/{matter}/history', at(id))
export const act = (id: number, action: string, body: In) => post<{ version: number; again: boolean }>('/matters/{matter}/actions/{action}', { path: { matter: id, action }, body })
export const watch = (id: number) => post('/matters/{matter}/watch', at(id))
export const unwatch = (id: number) => del('/matters/{matter}/watch', at(id))
export const openMatter = (body: { flow: string; title: string; key: string }) => post<{ matter: number; number: string }>('/matters', { body })
export const listBeginnings = () => get<{ items: { key: string; title: string; text: string }[] }>('/matter-flows')
export const listColleagues = (q: string, unit: number) => get<{ items: Colleague[] }>('/colleagues', { query: { q, unit } })
export const listPlaces = () => get<{ items: Place[] }>('/matter-units')
