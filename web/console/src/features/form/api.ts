import { address, del, get, post, put, Problem, type Page } from '@/api/client'

export type Kind =
  | 'text' | 'number' | 'money' | 'date' | 'choice' | 'place' | 'identity' | 'credit' | 'phone' | 'plate' | 'file' | 'signature' | 'group'
  | 'heading' | 'note'
export type Class = 'public' | 'internal' | 'personal' | 'sensitive'
export type Op = 'is' | 'is_not' | 'filled' | 'empty' | 'at_least' | 'at_most'

export interface Option {
  value: string
  label: string
  help?: string
}

export interface Term {
  field: string
  op: Op
  value?: string
}

export interface Condition {
  any?: boolean
  terms: Term[]
}

/** One question; which members count depends on the kind, as kernel/form says. */
export interface Field {
  name: string
  kind: Kind
  label: string
  help?: string
  example?: string
  class?: Class
  required?: boolean
  prefill?: string
  obtainable_by_share?: boolean
  show?: Condition
  need?: Condition
  min?: number
  max?: number
  rule?: string
  lines?: boolean
  unit?: string
  decimals?: number
  period?: boolean
  not_before?: string
  not_after?: string
  multiple?: boolean
  options?: Option[]
  other?: boolean
  root?: string
  depth?: number
  mobile?: boolean
  purpose?: string
  trust?: string
  accept?: string[]
  size?: number
  fields?: Field[]
}

export interface Form {
  key?: string
  version?: number
  title: string
  lead?: string
  submit?: string
  promise?: string
  fields: Field[]
}

export interface Summary {
  id: number
  key: string
  title: string
  unit_id: number
  unit: string
  /** Whose page shows it by itself; 0: none. */
  account_id: number
  /** Number of the live version; 0: none. */
  live: number
  questions: number
  updated_at: number
  version: number
  /** The draft differs from what is live. */
  unpublished: boolean
  uses: Use[]
}

/** One place where a form is used. */
export interface Use {
  kind: string
  title: string
  url?: string
  /** It does not work without a version in use. */
  needs: boolean
}

export interface Sheet extends Summary {
  draft: Form
  /** Its own page; '' when no account shows it. */
  address: string
}

export interface Change {
  op: string
  name: string
  label: string
  was?: string
  what?: string[]
}

export interface FieldFault {
  field: string
  text: string
}

export interface Edition {
  form: Form
  state: 'live' | 'retired'
  published_by: number
  published_at: number
}

export interface Usage {
  submissions: number
  drafts: number
  uses: Use[]
  free: boolean
}

export interface Area {
  code: string
  parent: string
  name: string
  level: number
}

export interface SentRow {
  id: number
  code: string
  number: number
  submitted_at: number
}

export interface SentFile {
  code: string
  field: string
  name: string
  type: string
  size: number
  purpose: string
  trust: string
  created_at: number
}

export type Values = Record<string, unknown>

export interface Submission extends SentRow {
  form: Form
  values: Values
  masked: boolean
  places: Area[]
  files: SentFile[]
}

const path = (id: number) => ({ path: { id } })

export const listForms = (cursor: string, signal?: AbortSignal) => get<Page<Summary>>('/forms', { query: { cursor }, signal })
export const createForm = (body: { key: string; unit_id: number; draft: Form }) => post<Sheet>('/forms', { body })
export const getForm = (id: number) => get<Sheet>('/forms/{id}', path(id))
export const saveForm = (id: number, version: number, account: number, draft: Form) => put<Sheet>('/forms/{id}', { ...path(id), body: { version, account_id: account, draft } })
export const removeForm = (id: number, version: number) => del('/forms/{id}', { ...path(id), query: { version } })
export const publishForm = (id: number, version: number) => post<Sheet>('/forms/{id}/publish', { ...path(id), body: { version } })
export const retireForm = (id: number, version: number) => post<Sheet>('/forms/{id}/retire', { ...path(id), body: { version } })
export const judgeForm = (id: number, draft: Form) => post<{ faults: FieldFault[]; changes: Change[] }>('/forms/{id}/judge', { ...path(id), body: { draft } })
/** Judges values: of a published version (0: the live one), or of the draft given. Faults come as the problem's. */
export const checkValues = (id: number, number: number, values: Values, draft?: Form) => post<{ values: Values }>('/forms/{id}/check', { ...path(id), body: { number, values, draft } })
export const listEditions = (id: number) => get<{ items: Edition[] }>('/forms/{id}/versions', path(id))
export const getUsage = (id: number) => get<Usage>('/forms/{id}/usage', path(id))
export const listSources = () => get<{ items: { name: string; text: string }[] }>('/form-sources')
export const listAreas = (of: string) => get<{ items: Area[]; way: Area[] }>('/areas', { query: { of } })
export const importAreas = (lines: { code: string; name: string }[]) => post<{ lines: number }>('/areas/import', { body: { lines } })
export const listSent = (id: number, cursor: string, signal?: AbortSignal) => get<Page<SentRow>>('/forms/{id}/submissions', { ...path(id), query: { cursor }, signal })
export const getSent = (id: number) => get<Submission>('/form-submissions/{id}', path(id))
export const revealSent = (id: number, reason: string) => post<Submission>('/form-submissions/{id}/reveal', { ...path(id), body: { reason } })
export const fileAddress = (submission: number, code: string) => address('/form-submissions/{id}/files/{code}', { path: { id: submission, code } })

/** The page as a phone would show the draft, drawn by the server's own templates. */
export async function preview(id: number, draft: Form, elder: boolean, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address('/forms/{id}/preview', { path: { id }, query: { elder: elder ? '1' : '0' } }), {
    method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ draft }), signal,
  })
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})))
  return answer.text()
}

/** Keeps a file for a field until the form is sent; its code is the value. */
export async function uploadFile(form: number, field: string, file: File): Promise<{ code: string; name: string; size: number }> {
  const answer = await fetch(address('/forms/{id}/files', { path: { id: form }, query: { field, name: file.name } }), { method: 'POST', credentials: 'same-origin', body: file })
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})))
  return answer.json()
}
