// The "…" menu of a web page: what stands in it, and what the page may hide or show
// (WeChat docs: JS-SDK, "所有菜单项列表").

export interface PageItem {
  id: string
  /** WeChat's name of the entry. */
  key: string
  label: string
  icon: string
  /** Basic entries stay when a page hides all others. */
  basic: boolean
  /** Entries that a page starts without and has to show. */
  share?: string
}

export const pageItems: PageItem[] = [
  { id: 'share-message', key: 'menuItem:share:appMessage', label: '转发给朋友', icon: 'share', basic: false, share: 'message' },
  { id: 'share-timeline', key: 'menuItem:share:timeline', label: '分享到朋友圈', icon: 'find', basic: false, share: 'timeline' },
  { id: 'share-qq', key: 'menuItem:share:qq', label: '分享到 QQ', icon: 'chats', basic: false, share: 'qq' },
  { id: 'share-weibo', key: 'menuItem:share:weiboApp', label: '分享到微博', icon: 'share', basic: false, share: 'weibo' },
  { id: 'share-qzone', key: 'menuItem:share:QZone', label: '分享到 QQ 空间', icon: 'star', basic: false, share: 'qzone' },
  { id: 'favorite', key: 'menuItem:favorite', label: '收藏', icon: 'star', basic: false },
  { id: 'copy', key: 'menuItem:copyUrl', label: '复制链接', icon: 'copy', basic: false },
  { id: 'browser', key: 'menuItem:openWithSafari', label: '在浏览器打开', icon: 'open', basic: false },
  { id: 'refresh', key: 'menuItem:refresh', label: '刷新', icon: 'refresh', basic: true },
  { id: 'font', key: 'menuItem:setFont', label: '调整字体', icon: 'text', basic: true },
  { id: 'report', key: 'menuItem:exposeArticle', label: '投诉', icon: 'report', basic: true },
]

/** Other names of WeChat's that hide the same entry here. */
const same: Record<string, string> = { 'menuItem:openWithQQBrowser': 'menuItem:openWithSafari' }

export interface MenuState {
  hidden: ReadonlySet<string>
  /** false: the page took the "…" itself away (hideOptionMenu). */
  option: boolean
}

export const openMenu: MenuState = { hidden: new Set(), option: true }

/** The menu after a page's call; unknown actions and entries change nothing. */
export function change(state: MenuState, action: string, items: string[]): MenuState {
  const keys = items.map((k) => same[k] ?? k)
  const hidden = new Set(state.hidden)
  switch (action) {
    case 'hide':
      // Basic entries cannot be hidden one by one.
      for (const i of pageItems) if (!i.basic && keys.includes(i.key)) hidden.add(i.key)
      return { ...state, hidden }
    case 'show':
      for (const k of keys) hidden.delete(k)
      return { ...state, hidden }
    case 'hide_all':
      return { ...state, hidden: new Set(pageItems.filter((i) => !i.basic).map((i) => i.key)) }
    case 'show_all':
      return { ...state, hidden: new Set() }
    case 'hide_option':
      return { ...state, option: false }
    case 'show_option':
      return { ...state, option: true }
    default:
      return state
  }
}

export const shown = (state: MenuState) => pageItems.filter((i) => !state.hidden.has(i.key))
