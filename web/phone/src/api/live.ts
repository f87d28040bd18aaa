// The sandbox's event stream. Hints carry no content: whoever hears one fetches again. When the
// stream breaks, it is opened again with growing pauses, and a 'resync' stands for what was missed.
//
// A browser opens at most six connections to one server, so the windows of one browser share one
// stream: the one that holds the lock reads it and tells the others; when it closes, the next takes over.
import type { Hint } from './kinds'

export interface Live {
  close(): void
}

type Word = { hint: Hint } | { connected: boolean } | { ask: true }

/** Pause before the n-th attempt in a row: 1 s, 2 s, 4 s, at most 10 s. */
export const pause = (n: number) => Math.min(10_000, 500 * 2 ** n)

/** A hint may be lost (a sleeping window, a dead connection kept open by a proxy): fetch again this often anyway. */
const heal = 30_000

const name = 'weizheng-phone'

/** A hint, or null for what this phone does not know. */
export function hintOf(data: unknown): Hint | null {
  try {
    const h = JSON.parse(String(data)) as Hint
    return typeof h?.topic === 'string' ? h : null
  } catch {
    return null
  }
}

/** Whether a hint is for this citizen's phone: those of nobody are for all. */
export const concerns = (h: Hint, citizen: string) => !h.citizen || h.citizen === citizen

/** Reads the stream until the returned function is called. */
function read(on: (h: Hint) => void, state: (connected: boolean) => void): () => void {
  let source: EventSource | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  function open() {
    source = new EventSource('/sandbox/api/stream')
    source.onopen = () => {
      on({ topic: 'resync' }) // what changed since the page was read has told nobody here
      failures = 0
      state(true)
    }
    source.onmessage = (e) => {
      const hint = hintOf(e.data)
      if (hint) on(hint)
    }
    source.onerror = () => {
      source?.close()
      state(false)
      again = setTimeout(open, pause(++failures))
    }
  }
  open()
  return () => {
    source?.close()
    clearTimeout(again)
  }
}

export function listen(citizen: string, on: (h: Hint) => void, state: (connected: boolean) => void): Live {
  const channel = new BroadcastChannel(name)
  const over = new AbortController()
  let connected = true
  let leads = false

  const hear = (h: Hint) => {
    if (concerns(h, citizen)) on(h)
  }
  const tell = (word: Word) => channel.postMessage(word)

  function lead(): Promise<void> {
    if (over.signal.aborted) return Promise.resolve()
    leads = true
    const stop = read(
      (hint) => {
        hear(hint)
        tell({ hint })
      },
      (now) => {
        connected = now
        state(now)
        tell({ connected: now })
      },
    )
    return new Promise((resolve) =>
      over.signal.addEventListener('abort', () => {
        stop()
        resolve()
      }),
    )
  }

  channel.onmessage = (e: MessageEvent<Word>) => {
    const word = e.data
    if ('hint' in word) hear(word.hint)
    else if ('connected' in word) state(word.connected)
    else if (leads) tell({ connected })
  }
  tell({ ask: true })

  // Locks exist only in secure contexts (127.0.0.1 is one); elsewhere each window reads for itself.
  if (navigator.locks) navigator.locks.request(name, { signal: over.signal }, lead).catch(() => undefined)
  else void lead()

  const beat = setInterval(() => on({ topic: 'resync' }), heal)
  const wake = () => {
    if (document.visibilityState === 'visible') on({ topic: 'resync' })
  }
  document.addEventListener('visibilitychange', wake)
  return {
    close() {
      over.abort()
      channel.close()
      clearInterval(beat)
      document.removeEventListener('visibilitychange', wake)
    },
  }
}
