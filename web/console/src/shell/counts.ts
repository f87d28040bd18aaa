import { defineStore } from 'pinia'
import { ref } from 'vue'
import { get } from '@/api/client'

/** What waits behind each door. A failed reading leaves the numbers as they were: they are no news of their own. */
export const useCounts = defineStore('counts', () => {
  const counts = ref<Record<string, number>>({})
  async function load() {
    try {
      counts.value = await get<Record<string, number>>('/counts')
    } catch {
      // told elsewhere: whatever the person does next meets the same trouble
    }
  }
  return { counts, load }
})
