import { defineAsyncComponent, type Component } from 'vue'

/** What a matter is about, drawn by whose noun it is; each is given the noun's id and `link`. */
export const subjects: Record<string, { title: string; panel: Component } | undefined> = {
  flow: { title: '要上线的流程', panel: defineAsyncComponent(() => import('../flow/Proposal.vue')) },
  reply: { title: '改了什么', panel: defineAsyncComponent(() => import('../reply/Difference.vue')) },
}
