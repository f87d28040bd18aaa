import { onBeforeUnmount, onMounted } from 'vue'

/** Whether keys go to what is being typed: also while an input method is composing. */
export function typing(e: KeyboardEvent): boolean {
  const el = e.target as HTMLElement
  return e.isComposing || e.keyCode === 229 || el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)
}

/** Whether a dialog or a question stands on top: Element Plus leaves those that were closed in the page. */
export const dialogUp = () => [...document.querySelectorAll('.el-dialog, .el-message-box')].some((el) => el.closest('.el-overlay')?.checkVisibility?.() ?? true)

/** Listens to the whole page's keys while the component stands. */
export function useKeys(handle: (e: KeyboardEvent) => void) {
  const listen = (e: Event) => handle(e as KeyboardEvent)
  onMounted(() => window.addEventListener('keydown', listen))
  onBeforeUnmount(() => window.removeEventListener('keydown', listen))
}

/** For a dialog's open-auto-focus: its trap takes the focus for itself in the next tick; ours comes after that. */
export const afterTrap = (focus: () => void) => requestAnimationFrame(focus)

/** A random key; crypto.randomUUID is missing on plain http, where some offices run the console. */
export function randomKey(): string {
  const raw = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(raw, (b) => b.toString(16).padStart(2, '0')).join('')
}
