// What slides over the phone and answers: dialogs, sheets, pickers. Opening one gives a promise;
// null means that the person closed it without choosing.
import { markRaw, shallowReactive, type Component } from 'vue'

interface Overlay {
  id: number
  component: Component
  props: Record<string, unknown>
  done: (value: unknown) => void
}

export interface Overlays {
  list: readonly Overlay[]
  toasts: readonly { id: number; text: string }[]
  open<T>(component: Component, props?: Record<string, unknown>): Promise<T | null>
  toast(text: string): void
  closeAll(): void
}

/** Long enough to read aloud: 1.6 s and 60 ms a character. */
const readingTime = (text: string) => 1600 + 60 * text.length

export function createOverlays(): Overlays {
  const list = shallowReactive<Overlay[]>([])
  const toasts = shallowReactive<{ id: number; text: string }[]>([])
  let last = 0

  function open<T>(component: Component, props: Record<string, unknown> = {}): Promise<T | null> {
    return new Promise((resolve) => {
      const id = ++last
      const done = (value: unknown) => {
        const at = list.findIndex((o) => o.id === id)
        if (at < 0) return
        list.splice(at, 1)
        resolve((value ?? null) as T | null)
      }
      list.push({ id, component: markRaw(component), props, done })
    })
  }

  function toast(text: string) {
    const id = ++last
    if (toasts.length > 2) toasts.shift()
    toasts.push({ id, text })
    setTimeout(() => {
      const at = toasts.findIndex((t) => t.id === id)
      if (at >= 0) toasts.splice(at, 1)
    }, readingTime(text))
  }

  return { list, toasts, open, toast, closeAll: () => [...list].reverse().forEach((o) => o.done(null)) }
}
