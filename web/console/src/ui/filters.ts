import { reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * Filters that live in the address, so that a list can be bookmarked, sent to a colleague and reached by the back key.
 * The defaults say which names there are; a value equal to its default is not written.
 */
export function useFilters<T extends Record<string, string>>(defaults: T): T {
  const route = useRoute()
  const router = useRouter()
  const home = route.name
  const filters = reactive({ ...defaults }) as T

  const read = () => {
    if (route.name !== home) return
    for (const name of Object.keys(defaults)) {
      const value = String(route.query[name] ?? defaults[name])
      if (filters[name] !== value) (filters as Record<string, string>)[name] = value
    }
  }
  watch(() => route.query, read, { immediate: true })
  watch(filters, () => {
    if (route.name !== home) return
    const query: Record<string, unknown> = { ...route.query }
    for (const [name, value] of Object.entries(filters)) {
      if (value && value !== defaults[name]) query[name] = value
      else delete query[name]
    }
    if (JSON.stringify(query) !== JSON.stringify(route.query)) router.replace({ query: query as Record<string, string> })
  })
  return filters
}

/** One value of the address: which row is open. '' when none. */
export function useOpened(name = 'open') {
  const route = useRoute()
  const router = useRouter()
  return {
    id: () => String(route.query[name] ?? ''),
    open: (id: string | number) => router.push({ query: { ...route.query, [name]: String(id) } }),
    close: () => {
      const query = { ...route.query }
      delete query[name]
      return router.push({ query })
    },
  }
}
