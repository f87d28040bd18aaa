import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { listAccounts, type Account } from '@/features/account/api'

const kept = 'weizheng.account'

/** The Official Accounts that the person may see, for the switcher and for every 公众号 field. */
export const useAccounts = defineStore('accounts', () => {
  const all = ref<Account[]>([])
  const loaded = ref(false)

  async function load() {
    all.value = (await listAccounts()).items
    loaded.value = true
  }
  const byId = (id: number) => all.value.find((a) => a.id === id)
  const nameOf = (id: number) => byId(id)?.name ?? `公众号 ${id}`
  return { all, loaded, load, byId, nameOf }
})

/**
 * The account that is being looked at: the address says so (?account=3), else the last choice, else 0 for all. Without
 * any left in reach the choice falls back to all.
 */
export function useChosenAccount() {
  const route = useRoute()
  const router = useRouter()
  const accounts = useAccounts()

  const id = computed(() => {
    const wanted = Number(route.query.account ?? last.value)
    return accounts.loaded && !accounts.byId(wanted) ? 0 : wanted
  })
  /** The chosen one, or the only or first one: for pages that need one account. */
  const one = computed(() => accounts.byId(id.value) ?? accounts.all[0])

  function choose(next: number) {
    last.value = next
    localStorage.setItem(kept, String(next))
    const query = { ...route.query }
    delete query.open
    delete query.cursor
    if (next) query.account = String(next)
    else delete query.account
    return router.replace({ query })
  }
  return { id, one, choose }
}

const last = ref(Number(localStorage.getItem(kept) ?? 0))
