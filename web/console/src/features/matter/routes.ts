import type { Feature } from '@/shell/feature'

const any = ['matter.read', 'matter.act']

export const matter: Feature = {
  name: 'matter',
  doors: [],
  routes: [{ path: '/matters/:id(\\d+)', name: 'matter', component: () => import('./Page.vue'), meta: { title: '事项', any } }],
  topics: [{ name: 'matter', permission: 'matter.read' }],
}
