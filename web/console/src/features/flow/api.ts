import { get, post, put, type Page } from '@/api/client'

/** Names a guard or an effect that a part offers. */
export interface Call {
  name: string
  params?: Record<string, string>
}
export interface Way {
  when: Call
  to: string
}
export interface Role {
  name: string
  title: string
  permission: string
  /** Whose people: of the unit where a matter was opened (owner, the default) or where it lies (handling). */
  at?: string
}
export type SignMode = 'all' | 'any' | 'order' | 'share'
export interface Signing {
  mode: string
  percent?: number
  roles?: string[]
  agreed: string
  refused: string
}
export interface State {
  name: string
  title: string
  acts?: string[]
  review?: boolean
  end?: boolean
  outcome?: string
  sees?: string[]
  edits?: string[]
  fills?: string[]
  signing?: Signing
  effects?: Call[]
}
export interface Action {
  name: string
  title: string
  does?: string
  from: string[]
  to?: string
  ways?: Way[]
  by?: string[]
  verdict?: string
  names?: string
  reason?: boolean
  evidence?: boolean
  fields?: string[]
  guards?: Call[]
  effects?: Call[]
  notices?: string[]
  bare?: boolean
  steps?: string[]
  direct?: string
  despite?: boolean
  along?: boolean
  after?: string
  within_days?: number
  times?: number
  clock?: string
  flow?: string
  reasons?: string[]
}
export interface Rule {
  kind: string
  amount: number
  unit?: string
  start?: string
  rolls?: string
  end?: string
}
export interface PauseDef {
  name: string
  title?: string
  on: string[]
  resumes: string[]
  reasons?: string[]
  evidence?: boolean
}
export interface Due {
  name: string
  offset?: number
  notices?: string[]
  level?: number
  fiction?: { title: string; source: string; from: string; to: string }
}
export interface Clock {
  name: string
  title: string
  basis: string
  source?: string
  rule: Rule
  per?: string
  starts?: string[]
  stops?: string[]
  resets?: string[]
  pauses?: PauseDef[]
  again?: boolean
  lights?: { yellow_days?: number; yellow_percent?: number }
  extends?: { times?: number; max?: number; by?: string[]; source?: string }
  due?: Due[]
}
export interface Notice {
  name: string
  title: string
  to: string[]
  text: string
}
export interface Point {
  x: number
  y: number
}
/** One kind of matter as data; the first state is where a matter starts. As kernel/flow's Definition. */
export interface Definition {
  key: string
  title: string
  kind: string
  text?: string
  form?: string
  roles?: Role[]
  states: State[]
  actions: Action[]
  clocks?: Clock[]
  notices?: Notice[]
  layout?: Record<string, Point>
  separate?: boolean
}

export interface Summary {
  id: number
  key: string
  title: string
  kind: string
  unit: string
  /** Number of the live version; 0: none. */
  live: number
  newest: number
  /** A release brought a version that nobody has taken over. */
  offered: boolean
  unpublished: boolean
  editable: boolean
  publishable: boolean
  updated_at: number
  /** Who changed the draft last; '' for the house. */
  edited_by: string
  version: number
}
export interface Problem {
  path: string
  line?: number
  severity: string
  message: string
}
export interface View extends Summary {
  draft: Definition
  problems: Problem[]
  /** How whoever asks lets it go live: direct, ask (a colleague looks at it first), alone (there is no other). */
  publishing: string
  /** The version that a colleague looks at. */
  pending?: Version
}
export interface Change {
  op: string
  noun: string
  name?: string
  title: string
  what?: string[]
}
export interface Diff {
  from: number
  to: number
  before: Definition
  after: Definition
  changes: Change[]
}
export interface Version {
  number: number
  title: string
  state: string
  origin: string
  by: string
  made_at: number
  /** Who approved or refused it; '' when nobody was asked. */
  settled_by: string
  /** Its review; 0: none. */
  matter_id: number
}
export interface Word {
  name: string
  text: string
}
/** A field of a form. */
export interface FieldWord extends Word {
  /** Whoever fills the form in must give it, whatever else they say. */
  required?: boolean
}
export interface Words {
  guards: Word[]
  effects: Word[]
  permissions: Word[]
  notices: Word[]
  forms: { key: string; title: string; fields: FieldWord[] }[]
  verbs: string[]
  /** Flows that a sub-matter can be opened with. */
  flows: Word[]
}

export interface Person {
  who: string
  unit?: number
  roles?: { role: string; unit: number }[]
  leads?: number[]
}
export interface Move {
  action: string
  at: number
  by: string
  guards?: Record<string, boolean>
  reason?: string
  evidence?: string[]
  filled?: string[]
  staff?: string
  unit?: number
  units?: number[]
  signers?: string[]
  watch?: string[]
  branch?: number
  slot?: number
  state?: string
  direct?: boolean
  items?: string[]
  clock?: string
  amount?: number
}
export interface Trial {
  people: Person[]
  at: number
  by: string
  unit: number
  outside?: string
  filled?: string[]
  moves?: Move[]
  until?: number
}
/** Something that a person may do now, and what must be said with it (asks). */
export interface Option {
  action: string
  title: string
  does: string
  verdict?: string
  branch?: number
  clock?: string
  to?: string[]
  asks?: string[]
  fields?: string[]
  steps?: string[]
  direct?: string
  reasons?: string[]
  clocks?: string[]
  guards?: Call[]
  ways?: Way[]
}
export interface Waiter {
  who?: string
  role?: string
  lead?: boolean
  unit?: number
}
export interface Frame {
  at: number
  /** Index of the move, -1 for what happened by itself. */
  move: number
  refused?: string
  missing: { field: string; message: string }[]
  state: string
  title: string
  fictions: string[]
  clocks: { id: string; title: string; basis: string; status: string; started: number; due?: number; yellow?: number; date?: string; light: string }[] | null
  waiting: Waiter[] | null
  options: { who: string; options: Option[] }[] | null
  told: { notice: string; to: Waiter[] | null; level?: number }[] | null
  effects: Call[] | null
  events: { kind: string; clock?: string; due?: string; title?: string }[] | null
  run: { ended?: number; outcome?: string; signing?: { slots: { id: number; who?: string; role?: string; state: string }[] } }
}

const at = (id: number) => ({ path: { id } })

export const listFlows = (cursor: string, signal?: AbortSignal) => get<Page<Summary>>('/flows', { query: { cursor }, signal })
export const getFlow = (id: number) => get<View>('/flows/{id}', at(id))
export const createFlow = (body: { key: string; title: string; unit_id?: number; from?: number }) => post<View>('/flows', { body })
export const saveFlow = (id: number, version: number, draft: Definition) => put<View>('/flows/{id}/draft', { ...at(id), body: { version, draft } })
export const saveYaml = (id: number, version: number, yaml: string) => put<View>('/flows/{id}/draft', { ...at(id), body: { version, yaml } })
export const validateFlow = (id: number, draft: Definition) => post<{ sound: boolean; problems: Problem[] }>('/flows/{id}/validate', { ...at(id), body: { draft } })
/** Reads a text as the definition that it says; none when it cannot be read. */
export const readYaml = (id: number, yaml: string) => post<{ sound: boolean; problems: Problem[]; definition?: Definition }>('/flows/{id}/validate', { ...at(id), body: { yaml } })
export const tryFlow = (id: number, draft: Definition, trial: Trial) => post<{ frames: Frame[]; problems: Problem[] }>('/flows/{id}/simulate', { ...at(id), body: { draft, trial } })
export const publishFlow = (id: number, version: number) => post<View>('/flows/{id}/publish', { ...at(id), body: { version } })
export const proposeFlow = (id: number, version: number) => post<View>('/flows/{id}/propose', { ...at(id), body: { version } })
export const retireFlow = (id: number, version: number) => post<View>('/flows/{id}/retire', { ...at(id), body: { version } })
export const restoreFlow = (id: number, version: number, number: number) => post<View>('/flows/{id}/restore', { ...at(id), body: { version, number } })
export const listVersions = (id: number, cursor = '') => get<Page<Version>>('/flows/{id}/versions', { ...at(id), query: { cursor } })
/** What changes between two versions; from 0 is the live one, to 0 the draft. */
export const diffFlow = (id: number, from = 0, to = 0) => get<Diff>('/flows/{id}/diff', { ...at(id), query: { from, to } })
export const yamlOf = (id: number, number = 0) => get<{ yaml: string }>('/flows/{id}/yaml', { ...at(id), query: { number } })
export const flowWords = () => get<Words>('/flow-words')
