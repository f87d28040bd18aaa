/** The form of a matter, its files, and what is asked when one is begun. */
import { address, del, get, post, put } from '@/api/client'
import type { Area, Form, Values } from '../form/api'
import { sendFile, type Kept } from '../form/uploads'

export interface MatterFile {
  code: string
  /** Of the form; '' for evidence. */
  field: string
  /** '' for personal material, to those who may not open it. */
  name: string
  type: string
  size: number
  purpose: string
  trust: string
  created_at: number
  open: boolean
}
export interface Fields {
  form_id: number
  form: Form
  masked: string[]
  erased: string[]
  shown: Record<string, boolean>
  files: MatterFile[]
  places: Area[]
}
export interface FieldChange {
  field: string
  label: string
  was: string
  is: string
}
export interface Revealed {
  name: string
  phone: string
  address: string
  hidden: { event_id: number; place: string; ref: string; value: string }[]
  fields: { field: string; label: string; text: string }[]
}
export interface BeginForm {
  form?: Form
  asked: string[]
  must: string[]
  title: string
  values: Values
  saved_at: number
  files: MatterFile[]
}

export const fileOf = (matter: number, code: string) => address('/matters/{matter}/files/{code}', { path: { matter, code } })
export const addFile = (matter: number, field: string, file: File): Promise<Kept> => sendFile(address('/matters/{matter}/files', { path: { matter }, query: { field, name: file.name } }), file)
export const addEvidence = (matter: number, trust: string, file: File): Promise<Kept> => sendFile(address('/matters/{matter}/files', { path: { matter }, query: { trust, name: file.name } }), file)
export const addFirstFile = (flow: string, field: string, file: File): Promise<Kept> => sendFile(address('/matter-flows/{flow}/files', { path: { flow }, query: { field, name: file.name } }), file)
export const reveal = (matter: number, reason: string) => post<Revealed>('/matters/{matter}/reveal', { path: { matter }, body: { reason } })
export const beginForm = (flow: string) => get<BeginForm>('/matter-flows/{flow}/form', { path: { flow } })
export const saveBeginning = (flow: string, body: { title: string; values: Values }) => put<{ saved_at: number }>('/matter-flows/{flow}/draft', { path: { flow }, body })
export const dropBeginning = (flow: string) => del('/matter-flows/{flow}/draft', { path: { flow } })
