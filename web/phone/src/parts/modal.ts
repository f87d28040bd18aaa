// Behaviour of everything modal inside the phone: focus goes in, stays in, and comes back; Escape closes.
import { nextTick, onBeforeUnmount, onMounted, type Ref } from 'vue'

const reachable = 'button:not(:disabled), [href], input:not(:disabled), select, textarea, [tabindex="0"]'

export function useModal(box: Ref<HTMLElement | null>, close: () => void) {
  const before = document.activeElement as HTMLElement | null

  function keys(e: KeyboardEvent) {
    if (e.key === 'Escape') {
      e.stopPropagation()
      e.preventDefault()
      close()
      return
    }
    if (e.key !== 'Tab' || !box.value) return
    const all = [...box.value.querySelectorAll<HTMLElement>(reachable)].filter((x) => x.offsetParent !== null)
    const first = all[0]
    const last = all[all.length - 1]
    if (!first || !last) return
    if (e.shiftKey && (document.activeElement === first || document.activeElement === box.value)) {
      e.preventDefault()
      last.focus()
    } else if (!e.shiftKey && document.activeElement === last) {
      e.preventDefault()
      first.focus()
    }
  }

  onMounted(async () => {
    box.value?.addEventListener('keydown', keys)
    await nextTick()
    const wanted = box.value?.querySelector<HTMLElement>('[data-focus]')
    ;(wanted ?? box.value)?.focus({ preventScroll: true })
  })
  onBeforeUnmount(() => {
    box.value?.removeEventListener('keydown', keys)
    if (before?.isConnected) before.focus({ preventScroll: true })
  })
}
