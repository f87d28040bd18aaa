import { reactive } from 'vue'
import { Problem, told } from '@/api/client'
import { answer, type Line } from './api'

/** An answer on its way to our own server. Lost: no word came back; sending again with the same key cannot double it. */
export interface Pending {
  key: string
  text: string
  at: number
  state: 'sending' | 'lost'
  problem: string
}

const pending = reactive(new Map<number, Pending[]>())

/** What is on its way in one conversation, oldest first; it outlives looking at another conversation. */
export const pendingOf = (conversation: number): Pending[] => pending.get(conversation) ?? []

const drop = (conversation: number, key: string) => pending.set(conversation, pendingOf(conversation).filter((p) => p.key !== key))

/**
 * Sends an answer once. Resolves with the line, or null when no word came back (it stays as lost); throws the server's
 * refusal, after which nothing is pending and the text belongs back into the box.
 */
export async function send(conversation: number, text: string, key: string, now: number): Promise<Line | null> {
  const known = pendingOf(conversation).find((p) => p.key === key)
  if (known?.state === 'sending') return null
  if (known) Object.assign(known, { state: 'sending', problem: '' })
  else pending.set(conversation, [...pendingOf(conversation), { key, text, at: now, state: 'sending', problem: '' }])
  try {
    const line = await answer(conversation, text, key)
    drop(conversation, key)
    return line
  } catch (e) {
    if (e instanceof Problem && e.status > 0 && e.status < 500) {
      drop(conversation, key)
      throw e
    }
    const p = pendingOf(conversation).find((x) => x.key === key)
    if (p) Object.assign(p, { state: 'lost', problem: e instanceof Problem && e.status > 0 ? told(e) : '' })
    return null
  }
}

/** Gives up a lost answer; its text is returned for the box. */
export function withdraw(conversation: number, key: string): string {
  const p = pendingOf(conversation).find((x) => x.key === key)
  drop(conversation, key)
  return p?.text ?? ''
}
