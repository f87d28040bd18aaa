import { defineStore } from 'pinia'
import { ref } from 'vue'
import { listRoles, listUnits, type Role, type Unit } from './api'

/** The tree of units and the roles: read once, renewed after a change; many forms pick from them. */
export const useUnits = defineStore('units', () => {
  const units = ref<Unit[]>([])
  const roles = ref<Role[]>([])
  let reading: Promise<void> | null = null

  async function renew() {
    units.value = (await listUnits()).items
  }
  /** Reads the units unless they are there; callers at the same time share one reading. */
  function need(): Promise<void> {
    if (units.value.length) return Promise.resolve()
    reading ??= renew().finally(() => (reading = null))
    return reading
  }
  async function needRoles() {
    if (!roles.value.length) roles.value = (await listRoles()).items
  }
  const nameOf = (id: number) => units.value.find((u) => u.id === id)?.name ?? ''
  return { units, roles, renew, need, needRoles, nameOf }
})
