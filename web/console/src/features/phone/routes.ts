import type { Feature } from '@/shell/feature'

/** One's own phone: bound here, reminded there. The menu at a person's name leads here. */
export const phone: Feature = {
  name: 'phone',
  doors: [],
  routes: [{ path: '/phone', name: 'phone', component: () => import('./Page.vue'), meta: { title: '手机提醒' } }],
}
