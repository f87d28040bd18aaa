// Behaviour of everything modal inside the phone: focus goes in, stays in, and comes back; Escape closes.
import { nextTick, onBeforeUnmount, onMounted, type Ref } from 'vue'

const reachable = 'button:not(:disabled), [href], input:not(:disabled), select, textarea, [tabindex="0"]'

/** The modal in front: the last one in the same phone. */
const front = (phone: Element | null | undefined) => [...(phone?.querySelectorAll<HTMLElement>('[aria-modal="true"]') ?? [])].pop()

export function useModal(box: Ref<HTMLElement | null>, close: () => void) {
  const before = document.activeElement as HTMLElement | null

  function keys(e: KeyboardEvent) {
    const at = document.activeElement
    // Focus falls to the body when the focused button goes away; the keys are still meant for the modal of the phone used last.
    const phone = box.value?.closest<HTMLElement>('.phone')
    const mine = box.value?.contains(at) || (at === document.body && phone?.dataset.front === 'true')
    if (!mine || front(phone) !== box.value) return
    if (e.key === 'Escape') {
      e.stopPropagation()
      e.preventDefault()
      close()
    } else if (e.key === 'Tab') turn(e, at)
  }

  function turn(e: KeyboardEvent, at: Element | null) {
    const all = [...box.value!.querySelectorAll<HTMLElement>(reachable)].filter((x) => x.offsetParent !== null)
    const first = all[0]
    const last = all[all.length - 1]
    if (!first || !last) return
    const outside = at === document.body
    if (e.shiftKey ? outside || at === first || at === box.value : outside || at === last) {
      e.preventDefault()
      ;(e.shiftKey ? last : first).focus()
    }
  }

  onMounted(async () => {
    document.addEventListener('keydown', keys, true)
    await nextTick()
    const wanted = box.value?.querySelector<HTMLElement>('[data-focus]')
    ;(wanted ?? box.value)?.focus({ preventScroll: true })
  })
  onBeforeUnmount(() => {
    document.removeEventListener('keydown', keys, true)
    if (before?.isConnected) before.focus({ preventScroll: true })
  })
}
