import type { Feature } from '@/shell/feature'

const any = ['conversation.read']

/** Reached from a line that may not have arrived, and from the workbench; too rare for a door of its own. */
export const notify: Feature = {
  name: 'notify',
  doors: [],
  routes: [{ path: '/notify', name: 'notify', component: () => import('./Uncertain.vue'), meta: { title: '送没送到不清楚的', any } }],
}
