/** Where the files of a form go while it is filled in: the form's own drawer, unless what the form hangs on has one. */
import { inject, provide, type InjectionKey } from 'vue'
import { address, Problem } from '@/api/client'
import { uploadFile } from './api'

export interface Kept {
  code: string
  name: string
  size: number
}

export interface Uploads {
  put: (field: string, file: File) => Promise<Kept>
  /** Where a file is looked at; '' when one may not. */
  href: (code: string) => string
  /** What it is called; '' when that is not known here. */
  name: (code: string) => string
}

const key: InjectionKey<Uploads> = Symbol('uploads')
export const provideUploads = (u: Uploads) => provide(key, u)

/** The uploads of the form that stands around, by default those of the form with this id. */
export function useUploads(form: () => number): Uploads {
  return inject(key, () => ({ put: (field: string, file: File) => uploadFile(form(), field, file), href: ownFile, name: () => '' }), true)
}

/** A file that whoever looks uploaded and that hangs nowhere yet. */
export const ownFile = (code: string) => address('/form-files/{code}', { path: { code } })

/** Sends one file as the body of a call. */
export async function sendFile(to: string, file: File): Promise<Kept> {
  const answer = await fetch(to, { method: 'POST', credentials: 'same-origin', body: file }).catch(() => undefined)
  if (!answer) throw new Problem(0)
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})))
  return answer.json()
}
