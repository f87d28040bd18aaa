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

/** What became of a publication: on its way to WeChat, what phones show now, what they showed, refused. */
export type VersionState = 'sending' | 'live' | 'past' | 'failed'

export interface Version {
  version: number
  buttons: Button[]
  state: VersionState
  /** Why it is not live, in words. */
  problem: string
  /** Who published it. */
  created_by: string
  created_at: number
}

export interface Menu {
  draft: { buttons: Button[] }
  version: number
  /** 0: never published. */
  published_version: number
  published_at: number
  /** The newest ones, newest first. */
  versions: Version[]
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
export const saveMenu = (account: number, buttons: Button[], version: number) => put<Menu>('/menus/{account}', { path: { account }, body: { draft: { buttons }, version } })
export const publishMenu = (account: number, version: number) => post<Version>('/menus/{account}/publish', { path: { account }, body: { version } })
export const listVersions = (account: number, cursor: string) => get<Page<Version>>('/menus/{account}/versions', { path: { account }, query: { cursor } })
export const rollBack = (account: number, version: number) => post<Version>('/menus/{account}/rollback', { path: { account }, body: { version } })
export const listTargets = (account: number) => get<{ items: Target[] }>('/targets/{account}', { path: { account } })
/** How often each button was tapped in the last 30 days, by its key or address. */
export const listTaps = (account: number) => get<{ items: { button: string; taps: number }[] }>('/menus/{account}/taps', { path: { account } })
