// The phone's shortcuts: what a pressed key means, and the list of them as people read it.

export type Action = 'help' | 'search' | 'back' | 'scan' | 'chats' | 'contacts' | 'find' | 'me'

interface Pressed {
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
}

const withAlt: Record<string, Action> = { '1': 'chats', '2': 'contacts', '3': 'find', '4': 'me', s: 'scan', ArrowLeft: 'back' }

/** What a key does; null for none. While somebody types, letters are letters. */
export function actionOf(e: Pressed, typing: boolean): Action | null {
  if (e.ctrlKey || e.metaKey) return null
  if (e.altKey) return withAlt[e.key] ?? null
  if (typing) return null
  if (e.key === '?' || e.key === '？') return 'help'
  return e.key === '/' ? 'search' : null
}

/** Whether keys go into a field. */
export const isTyping = (el: Element | null) => !!el?.closest('input:not([type=checkbox]):not([type=radio]), textarea, select')

export const shortcuts: { keys: string[]; what: string }[] = [
  { keys: ['Tab', 'Shift+Tab'], what: '到下一个、上一个' },
  { keys: ['↑', '↓'], what: '在列表里上下走' },
  { keys: ['Enter'], what: '打开；写消息时发送（Shift+Enter 换行）' },
  { keys: ['Esc'], what: '关掉弹出的，或返回' },
  { keys: ['Alt+1', '2', '3', '4'], what: '消息、公众号、发现、我' },
  { keys: ['/'], what: '搜索聊天记录' },
  { keys: ['Alt+S'], what: '扫一扫' },
  { keys: ['Alt+←'], what: '返回' },
  { keys: ['F6'], what: '到下一部手机，或面板' },
  { keys: ['Enter', '↑', '↓'], what: '在聊天里选一条消息，换一条' },
  { keys: ['Shift+F10'], what: '对选中的消息：复制、转发' },
  { keys: ['?'], what: '这张表' },
]

/**
 * Keys in the list of a chat: Enter goes from the list to its newest message, up and down to the next one. The list itself is
 * one stop of Tab, however many messages there are; what one does with a message is the context menu's.
 */
export function walkMessages(e: KeyboardEvent) {
  const list = e.currentTarget as HTMLElement
  const all = [...list.querySelectorAll<HTMLElement>('.bubble, .share')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  const to = at < 0 ? (e.key === 'Enter' && document.activeElement === list ? all[all.length - 1] : undefined) : e.key === 'ArrowUp' ? all[at - 1] : e.key === 'ArrowDown' ? all[at + 1] : undefined
  if (!to) return
  e.preventDefault()
  to.focus()
}

/** Rows that the arrow keys walk along. */
const rows = 'button.row, button.cell, button.pick, button.place, button.code, button.item, button.article, button.card, button.share'

/** The row that an arrow key leads to from the focused one, within the same list; null when there is none. */
export function nextRow(from: Element | null, key: string): HTMLElement | null {
  if (!from?.matches(rows)) return null
  const all = [...(from.closest('.scroll, .inner, [role=dialog]')?.querySelectorAll<HTMLElement>(rows) ?? [])].filter((r) => r.offsetParent !== null)
  return all[all.indexOf(from as HTMLElement) + (key === 'ArrowDown' ? 1 : -1)] ?? null
}
