import { defineAsyncComponent, type Component } from 'vue'

/** What a matter is about, drawn by whose noun it is; each is given the noun's id and `link`. */
export const subjects: Record<string, { title: string; panel: Component } | undefined> = {
  reply: { title: '改了什么', panel: defineAsyncComponent(() => import('../reply/Difference.vue')) },
}
