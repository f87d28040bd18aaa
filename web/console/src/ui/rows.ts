import { onScopeDispose, reactive, toRefs, watch } from 'vue'
import type { Page } from '@/api/client'
import { append, renew, type Rows } from './cursor'

/**
 * A keyset list in a page. `load` reads one page from a cursor; `watched` are the filters: a change starts over. Answers
 * that come too late (the filter moved on) are dropped.
 */
export function useRows<T>(
  load: (cursor: string, signal: AbortSignal) => Promise<Page<T>>,
  key: (row: T) => string | number,
  watched: () => unknown,
) {
  const state = reactive({ items: [] as T[], next: '', loading: true, more: false, problem: null as unknown })
  let running = new AbortController()

  function take(rows: Rows<T>) {
    state.items = rows.items as typeof state.items
    state.next = rows.next
    state.problem = null
  }
  const held = () => ({ items: state.items as T[], next: state.next })

  async function read(cursor: string, put: (page: Page<T>) => Rows<T>) {
    running.abort()
    const mine = (running = new AbortController())
    try {
      const page = await load(cursor, mine.signal)
      if (!mine.signal.aborted) take(put({ items: page.items ?? [], next: page.next ?? '' }))
    } catch (e) {
      if (!mine.signal.aborted) state.problem = e
    } finally {
      if (mine === running) state.loading = state.more = false
    }
  }

  /** Starts over: skeleton, first page. */
  function restart() {
    state.loading = true
    state.items = []
    return read('', (page) => page)
  }
  /** Reads the head again without anything jumping: after a change, on a hint, every 30 s. */
  function refresh() {
    if (state.loading || state.more) return Promise.resolve()
    return read('', (page) => renew(held(), page, key))
  }
  function readMore() {
    if (!state.next || state.more) return Promise.resolve()
    state.more = true
    return read(state.next, (page) => append(held(), page, key))
  }

  watch(watched, restart, { deep: true, immediate: true })
  onScopeDispose(() => running.abort())
  return { ...toRefs(state), restart, refresh, readMore }
}
