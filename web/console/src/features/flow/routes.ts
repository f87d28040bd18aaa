import { Share } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['flow.read', 'flow.edit', 'flow.publish']

export const flow: Feature = {
  name: 'flow',
  doors: [{ group: '', title: '流程', to: '/flow', any, icon: Share }],
  routes: [
    { path: '/flow', name: 'flow', component: () => import('./List.vue'), meta: { title: '流程', any } },
    { path: '/flow/:id(\\d+)', name: 'flow-edit', component: () => import('./EditPage.vue'), meta: { title: '设计流程', any, full: true } },
  ],
  topics: [{ name: 'flow', permission: 'flow.read' }],
}
