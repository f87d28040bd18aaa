import { defineStore } from 'pinia'
import { computed, reactive, watch, type ComputedRef } from 'vue'
import { getFeatures, type Feature } from '@/features/account/api'

/** How long an answer is believed: WeChat's refusals and counts change while somebody works. */
const fresh = 60_000

/** How accounts stand with what is composed for WeChat, shared by the faces; the server refuses in the same words. */
export const useFeatures = defineStore('features', () => {
  const kept = reactive<Record<number, { at: number; items: Feature[] }>>({})

  /** Unknown stays unknown when it cannot be read: then a face offers everything, and the verb refuses. */
  async function load(account: number, again = false) {
    const known = kept[account]
    if (!account || (!again && known && Date.now() - known.at < fresh)) return
    try {
      kept[account] = { at: Date.now(), items: (await getFeatures(account)).items }
    } catch {
      delete kept[account]
    }
  }
  const of = (account: number, name: string): Feature | null => kept[account]?.items.find((f) => f.name === name) ?? null
  return { load, of }
})

/** One feature of one account, asked for when a face that composes is opened; null as long as nothing is known. */
export function useFeature(account: () => number, name: string): ComputedRef<Feature | null> {
  const features = useFeatures()
  watch(account, (id) => features.load(id), { immediate: true })
  return computed(() => features.of(account(), name))
}

/** Whether it certainly cannot be done now. */
export const barred = (f: Feature | null) => f !== null && !f.able

/** 今天还能发布 998 次 — where a day's count can matter; "" else. */
export function leftText(f: Feature | null, verb: string): string {
  if (!f || !f.able || f.limit <= 0) return ''
  if (f.left > 1000 && f.left > f.limit / 5) return ''
  return `今天还能${verb} ${f.left.toLocaleString('zh-CN')} 次`
}
