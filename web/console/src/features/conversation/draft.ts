/** Unsent answers, kept in this browser per person and conversation, so that a crash or a look elsewhere loses nothing. */

/** Older ones are forgotten, in ms: they may hold a citizen's words. */
const keepFor = 3 * 24 * 3600_000

interface Kept {
  text: string
  /** The idempotency key that this text will be sent with. */
  key: string
  at: number
}

const prefix = (login: string) => `weizheng.draft:${login}:`

export function readDraft(login: string, conversation: number, now: number): Kept | null {
  const raw = localStorage.getItem(prefix(login) + conversation)
  if (!raw) return null
  const kept = JSON.parse(raw) as Kept
  if (now - kept.at <= keepFor) return kept
  localStorage.removeItem(prefix(login) + conversation)
  return null
}

export function writeDraft(login: string, conversation: number, text: string, key: string, now: number) {
  if (text) localStorage.setItem(prefix(login) + conversation, JSON.stringify({ text, key, at: now } satisfies Kept))
  else localStorage.removeItem(prefix(login) + conversation)
}

/** Whether something unsent waits there: shown in the list. */
export const hasDraft = (login: string, conversation: number) => localStorage.getItem(prefix(login) + conversation) !== null

/** Forgets everything a person left here: at logging out. */
export function forgetDrafts(login: string) {
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix(login))) localStorage.removeItem(name)
}
