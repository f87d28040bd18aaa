import { onScopeDispose } from 'vue'

/** A hint says that something changed, never what: whoever cares reads again through its permissions. */
export interface Hint {
  topic: string
  id: number
  version: number
}

type Listener = { topics: string[]; hear: (hint: Hint | null) => void }

/** A refetch this often heals hints that got lost, in ms. */
const healing = 30_000
/** Waits between attempts to get the stream back, in ms. */
const backoff = [1000, 2000, 5000, 10_000, 30_000]

const listeners = new Set<Listener>()
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('weizheng.hints') : null

/**
 * Calls `hear` for each hint of the topics, and with null every 30 s and when the stream is back: read again. A page in
 * the background is spared the healing but not the hints.
 */
export function useLive(topics: string[], hear: (hint: Hint | null) => void) {
  const mine: Listener = { topics, hear }
  listeners.add(mine)
  const timer = setInterval(() => document.visibilityState === 'visible' && hear(null), healing)
  onScopeDispose(() => {
    listeners.delete(mine)
    clearInterval(timer)
  })
}

function tell(hint: Hint | null) {
  for (const l of listeners) if (!hint || l.topics.includes(hint.topic)) l.hear(hint)
}

let stop: (() => void) | null = null

/** Starts listening for the topics; a browser holds one stream for all its tabs where it offers locks. */
export function startLive(topics: string[]) {
  stop?.()
  const end = new AbortController()
  stop = () => end.abort()
  if (!topics.length) return
  if (channel) channel.onmessage = (e) => tell(e.data as Hint | null)
  if (!navigator.locks || !channel) {
    stream(topics, end.signal, tell)
    return
  }
  const spread = (hint: Hint | null) => {
    tell(hint)
    channel.postMessage(hint)
  }
  // The lock is held until this tab closes; then the next one in the queue gets it and opens the stream.
  const name = 'weizheng.hints:' + topics.join(',')
  navigator.locks
    .request(name, { signal: end.signal }, () => stream(topics, end.signal, spread))
    .catch(() => undefined) // aborted while waiting in the queue
}

export function stopLive() {
  stop?.()
  stop = null
}

/** Keeps one stream open until the signal; resolves then. */
function stream(topics: string[], end: AbortSignal, say: (hint: Hint | null) => void): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource
    let failures = 0
    let timer = 0
    const open = () => {
      source = new EventSource('/console/api/hints?topics=' + topics.join(','))
      source.onopen = () => {
        if (failures) say(null)
        failures = 0
      }
      source.onmessage = (e) => say(JSON.parse(e.data as string) as Hint)
      source.onerror = () => {
        source.close()
        timer = window.setTimeout(open, backoff[Math.min(failures++, backoff.length - 1)])
      }
    }
    end.addEventListener('abort', () => {
      source.close()
      clearTimeout(timer)
      resolve()
    })
    open()
  })
}
