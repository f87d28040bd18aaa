// The sandbox's event stream. Hints carry no content: whoever hears one fetches again. When the
// stream breaks, it is opened again with growing pauses, and a 'resync' stands for what was missed.
import type { Hint } from './kinds'

export interface Live {
  close(): void
}

/** Pause before the n-th attempt in a row: 1 s, 2 s, 4 s, at most 10 s. */
export const pause = (n: number) => Math.min(10_000, 500 * 2 ** n)

/** A browser that sleeps or a proxy that keeps dead connections open: fetch again this often anyway. */
const heal = 30_000

export function listen(citizen: string, on: (h: Hint) => void, state: (connected: boolean) => void): Live {
  let source: EventSource | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let closed = false

  function open() {
    source = new EventSource('/sandbox/api/stream?citizen=' + encodeURIComponent(citizen))
    source.onopen = () => {
      const missed = failures > 0
      failures = 0
      state(true)
      if (missed) on({ topic: 'resync' })
    }
    source.onmessage = (e) => {
      const hint = hintOf(e.data)
      if (hint) on(hint)
    }
    source.onerror = () => {
      source?.close()
      state(false)
      if (closed) return
      again = setTimeout(open, pause(++failures))
    }
  }
  open()

  const beat = setInterval(() => on({ topic: 'resync' }), heal)
  const wake = () => {
    if (document.visibilityState === 'visible') on({ topic: 'resync' })
  }
  document.addEventListener('visibilitychange', wake)
  return {
    close() {
      closed = true
      source?.close()
      clearTimeout(again)
      clearInterval(beat)
      document.removeEventListener('visibilitychange', wake)
    },
  }
}

/** A hint, or null for what this phone does not know. */
export function hintOf(data: unknown): Hint | null {
  try {
    const h = JSON.parse(String(data)) as Hint
    return typeof h?.topic === 'string' ? h : null
  } catch {
    return null
  }
}
