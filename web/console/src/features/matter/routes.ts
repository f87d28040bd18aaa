import { Timer } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['matter.read', 'matter.act']

export const matter: Feature = {
  name: 'matter',
  doors: [{ group: '系统', title: '时限变更', to: '/recomputes', any: ['matter.recompute'], icon: Timer, count: 'recompute' }],
  routes: [
    { path: '/matters/:id(\\d+)', name: 'matter', component: () => import('./Page.vue'), meta: { title: '事项', any } },
    { path: '/recomputes', name: 'recomputes', component: () => import('./Changes.vue'), meta: { title: '时限变更', any: ['matter.recompute'] } },
  ],
  topics: [{ name: 'matter', permission: 'matter.read' }, { name: 'matter_recompute', permission: 'matter.recompute' }],
}
