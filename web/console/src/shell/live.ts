import { onScopeDispose } from 'vue'

/** A hint says that something changed, never what: whoever cares reads again through its permissions. */
export interface Hint {
  topic: string
  id: number
  version: number
}

type Listener = { topics: string[]; hear: (hint: Hint | null) => void }
/** What the tabs of a browser tell each other: hints (none: read everything again), or that the listening one goes. */
type Word = { hints: Hint[] } | { gone: true }

/** A refetch this often heals hints that got lost, in ms. */
const healing = 30_000
/** Waits between attempts to get the stream back, in ms. */
const backoff = [1000, 2000, 5000, 10_000, 30_000]

const listeners = new Set<Listener>()

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

function tell(hints: Hint[]) {
  for (const l of [...listeners]) {
    if (!hints.length) l.hear(null)
    else hints.filter((h) => l.topics.includes(h.topic)).forEach((h) => l.hear(h))
  }
}

let stop: (() => void) | null = null

/**
 * Starts listening for the topics. The server holds one stream for a session: the tab that asked last has it and passes
 * hints on to the others; when it closes, they ask again and one of them gets it.
 */
export function startLive(topics: string[]) {
  stopLive()
  if (topics.length) stop = listen(topics)
}

export function stopLive() {
  stop?.()
  stop = null
}

function listen(topics: string[]): () => void {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel('weizheng.hints') : null
  let source: EventSource | null = null
  let failures = 0
  let timer = 0

  function say(hints: Hint[]) {
    tell(hints)
    channel?.postMessage({ hints } satisfies Word)
  }
  function close() {
    clearTimeout(timer)
    source?.close()
    source = null
  }
  function retry(wait: number) {
    close()
    timer = window.setTimeout(open, wait)
  }
  function open() {
    close()
    const mine = (source = new EventSource('/console/api/hints?topics=' + topics.join(',')))
    mine.addEventListener('ready', () => {
      if (failures) say([])
      failures = 0
    })
    mine.addEventListener('hints', (e) => say(JSON.parse((e as MessageEvent<string>).data) as Hint[]))
    mine.addEventListener('refetch', () => say([]))
    mine.addEventListener('replaced', close)
    mine.onerror = () => retry(backoff[Math.min(failures++, backoff.length - 1)] ?? healing)
  }
  const leave = () => source && channel?.postMessage({ gone: true } satisfies Word)

  if (channel) {
    channel.onmessage = (e) => {
      const word = e.data as Word
      if ('gone' in word) retry(Math.random() * 500)
      else tell(word.hints)
    }
  }
  window.addEventListener('pagehide', leave)
  open()
  return () => {
    leave()
    close()
    channel?.close()
    window.removeEventListener('pagehide', leave)
  }
}
