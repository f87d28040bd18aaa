import { del, get, post, type Page } from '@/api/client'
import type { Definition, Option, Rule } from '../flow/api'
import type { YearList } from '../worktime/api'
import type { FieldChange, Fields, MatterFile } from './fields'

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
  evidence?: string[]
  by?: string
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
export interface Branch {
  id: number
  unit: string
  holder: string
  state: 'open' | 'answered' | 'declined' | 'dropped'
  opened_at: number
  ended_at: number
}
export interface Signer {
  slot: number
  name: string
  state: 'next' | 'waiting' | 'agreed' | 'refused' | 'removed'
  by: string
  at: number
  added: boolean
}
/** What stands around a matter, with names. */
export interface Around {
  branches: Branch[]
  mode: string
  signers: Signer[]
  mend?: { from: string; by: string; fields: string[] | null; left: string[] | null; direct: boolean }
  longer?: { clock: string; amount: number; by: string; reason: string }
  held_by: string
  parent?: Matter
  children: Matter[]
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
  around: Around
  fields: Fields
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
  files: MatterFile[]
  /** Of the files, those that are gone. */
  lost: number
  changes: FieldChange[]
  lines: string[]
}
/** What is said with an action; which fields count the option's asks say. */
export interface In {
  version: number
  key: string
  reason?: string
  evidence?: string[]
  files?: string[]
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
  mend?: string[]
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

/** What a list can be narrowed to. */
export interface Choices {
  kinds: { kind: string; title: string; states: { name: string; title: string }[] }[]
  assignees: { id: number; name: string }[]
}
export interface Notice {
  id: number
  matter_id: number
  title: string
  about: string
  number: string
  kind: string
  at: number
  read_at: number
}
export interface Deputy {
  id: number
  staff_id: number
  staff: string
  deputy_id: number
  deputy: string
  from_at: number
  until_at: number
  /** I am away and somebody acts for me; else I act for somebody. */
  mine: boolean
  now: boolean
  waiting: number
}
export interface Moving {
  matter_id: number
  number: string
  title: string
  unit: string
  clock: string
  from_at: number
  to_at: number
}
/** What a change would move. */
export interface Impact {
  total: number
  seen: number
  moved: number
  sample: Moving[]
}
export interface Changeable {
  flow: string
  title: string
  clock: string
  name: string
  basis: string
  rule: Rule
}
export interface RuleChange {
  flow?: string
  clock?: string
  rule?: Rule
}
export interface Recompute {
  id: number
  change: RuleChange
  title: string
  why: string
  by: string
  own: boolean
  asked_at: number
  state: 'asked' | 'running' | 'done' | 'dropped'
  approver: string
  approved_at: number
  total: number
  seen: number
  moved: number
  finished_at: number
}

const at = (matter: number) => ({ path: { matter } })

export const listTasks = (query: Filter & { scope: string; behalf?: string; cursor: string }, signal?: AbortSignal) => get<Page<Matter>>('/tasks', { query, signal })
export const taskChoices = (query: { scope: string; unit?: number; held?: string }, signal?: AbortSignal) => get<Choices>('/tasks/choices', { query, signal })
export const countTasks = () => get<Counts>('/tasks/counts')
export const listMatters = (query: Filter & { unit?: number; cursor: string }, signal?: AbortSignal) => get<Page<Matter>>('/matters', { query, signal })
export const getMatter = (id: number) => get<Detail>('/matters/{matter}', at(id))
export const getHistory = (id: number) => get<{ items: Deed[] }>('/matters/{matter}/history', at(id))
export const explainClock = (id: number, clock: string) => get<{ steps: string[]; kept: boolean; due_at: number }>('/matters/{matter}/explanation', { ...at(id), query: { clock } })
export const act = (id: number, action: string, body: In) => post<{ version: number; again: boolean }>('/matters/{matter}/actions/{action}', { path: { matter: id, action }, body })
export const watch = (id: number) => post('/matters/{matter}/watch', at(id))
export const unwatch = (id: number) => del('/matters/{matter}/watch', at(id))
export const openMatter = (body: { flow: string; title: string; values?: Record<string, unknown>; key: string }) => post<{ matter: number; number: string }>('/matters', { body })
export const listBeginnings = () => get<{ items: { key: string; title: string; text: string }[] }>('/matter-flows')
export const listColleagues = (q: string, unit: number) => get<{ items: Colleague[] }>('/colleagues', { query: { q, unit } })
export const listPlaces = () => get<{ items: Place[] }>('/matter-units')
export const listNotices = (cursor: string, signal?: AbortSignal) => get<Page<Notice>>('/notices', { query: { cursor }, signal })
export const readNotices = (upTo: number) => post('/notices/read', { body: { up_to_id: upTo } })
export const listDeputies = () => get<{ items: Deputy[] }>('/deputies')
export const appointDeputy = (body: { deputy_id: number; from_at: number; until_at: number }) => post<Deputy>('/deputies', { body })
export const dismissDeputy = (deputy: number) => del('/deputies/{deputy}', { path: { deputy } })
/** What a rule for one clock, or another list of a year, would move. */
export const previewChange = (body: RuleChange & { list?: YearList }) => post<Impact>('/recomputes/preview', { body })
export const listChangeables = () => get<{ items: Changeable[] }>('/recomputes/clocks')
export const askChange = (body: RuleChange & { why: string }) => post<{ id: number }>('/recomputes', { body })
export const listChanges = () => get<{ items: Recompute[] }>('/recomputes')
export const effectOf = (change: number) => get<Impact>('/recomputes/{change}/effect', { path: { change } })
export const approveChange = (change: number) => post('/recomputes/{change}/approve', { path: { change } })
export const dropChange = (change: number) => post('/recomputes/{change}/drop', { path: { change } })
