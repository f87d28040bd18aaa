import { get, post, put, type Page } from '@/api/client'

export type ButtonType =
  | 'click' | 'view' | 'miniprogram' | 'scancode_push' | 'scancode_waitmsg' | 'pic_sysphoto' | 'pic_photo_or_album' | 'pic_weixin'
  | 'location_select' | 'media_id' | 'article_id' | 'article_view_limited'

/** One button; a top button with sub has no type of its own. */
export interface Button {
  name: string
  type?: ButtonType | ''
  key?: string
  url?: string
  appid?: string
  pagepath?: string
  media_id?: string
  article_id?: string
  sub?: Button[]
}

export interface Menu {
  draft: { buttons: Button[] }
  version: number
  published_at: number
  published_version: number
  /** What WeChat shows now; absent before the first publication. */
  published?: { buttons: Button[] }
  /** State of the last publication: sending, or WeChat's refusal. */
  publishing?: boolean
  problem?: string
  versions: number
}

export interface Version {
  version: number
  buttons: Button[]
  published_at: number
  published_by: string
  current: boolean
}

/** A thing that a button can point at. */
export interface Target {
  kind: string
  id: string
  title: string
  url?: string
  key?: string
}

export const getMenu = (account: number) => get<Menu>('/menus/{account}', { path: { account } })
export const saveMenu = (account: number, buttons: Button[], version: number) => put<Menu>('/menus/{account}', { path: { account }, body: { buttons, version } })
export const publishMenu = (account: number, version: number) => post<Menu>('/menus/{account}/publish', { path: { account }, body: { version } })
export const listVersions = (account: number) => get<Page<Version>>('/menus/{account}/versions', { path: { account } })
export const rollBack = (account: number, version: number) => post<Menu>('/menus/{account}/rollback', { path: { account }, body: { version } })
export const listTargets = (account: number) => get<Page<Target>>('/targets', { query: { account } })
