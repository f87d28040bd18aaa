// Finding people among all citizens of the sandbox, who may be a million: by a part of the name, page by page.
import { onBeforeUnmount, reactive, watch } from 'vue'
import type { Citizen } from '../api/kinds'
import { words } from '../api/http'
import type { Desk } from './desk'

/** Nobody types faster than this between two letters; asking waits for it, ms. */
const pause = 250

export function usePeople(desk: Desk) {
  const people = reactive({ search: '', list: [] as Citizen[], next: '', state: 'loading' as 'loading' | 'ready' | 'failed', why: '' })
  let asked = 0

  async function load(more = false) {
    const mine = ++asked
    if (!more) people.state = 'loading'
    try {
      const page = await desk.api.citizens(people.search.trim(), more ? people.next : '')
      if (mine !== asked) return
      people.list = more ? [...people.list, ...page.citizens] : page.citizens
      people.next = page.next ?? ''
      people.state = 'ready'
    } catch (e) {
      if (mine !== asked) return
      people.why = words(e)
      people.state = 'failed'
    }
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch(
    () => people.search,
    () => {
      clearTimeout(typing)
      typing = setTimeout(() => void load(), pause)
    },
  )
  onBeforeUnmount(() => clearTimeout(typing))
  return { people, load }
}
