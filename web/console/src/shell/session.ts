import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get, post, Problem } from '@/api/client'

export interface Session {
  id: number
  name: string
  login: string
  unit: { id: number; name: string; path: string }
  permissions: string[]
  /** What has to be done before anything else: a password of one's own, a second factor. */
  must_change: boolean
  must_set_factor: boolean
  /** The second factor is in use. */
  totp: boolean
  demo: boolean
}

export type NextStep = 'ok' | 'totp' | 'change_password' | 'set_factor'

/** Whether one of the wanted permissions is held; an empty list asks for nothing. */
export function holds(held: string[], any: string[]): boolean {
  return any.length === 0 || any.some((p) => held.includes(p))
}

/** Who works here, and the dialog that asks again when the session has ended. */
export const useSession = defineStore('session', () => {
  const who = ref<Session | null>(null)
  /** Set while the dialog is up: those who wait for the session to be back. */
  const waiting = ref<(() => void)[]>([])
  const ended = computed(() => waiting.value.length > 0)

  const can = (...any: string[]) => holds(who.value?.permissions ?? [], any)

  /** Reads the session; null when nobody is logged in. */
  async function load(): Promise<Session | null> {
    try {
      who.value = await get<Session>('/session', { anonymous: true })
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 401) throw e
      who.value = null
    }
    return who.value
  }

  async function login(name: string, password: string, code: string): Promise<NextStep> {
    const answer = await post<{ next: NextStep }>('/login', {
      anonymous: true,
      body: { login: name, password, ...(code ? { code } : {}) },
    })
    if (answer.next !== 'totp') await load()
    return answer.next
  }

  async function logout() {
    await post('/logout', { anonymous: true })
    who.value = null
  }

  /** Resolves when somebody has logged in again; the page stays as it is meanwhile. */
  const again = () => new Promise<void>((resolve) => waiting.value.push(resolve))
  function resume() {
    const all = waiting.value
    waiting.value = []
    all.forEach((go) => go())
  }

  return { who, can, load, login, logout, ended, again, resume }
})
