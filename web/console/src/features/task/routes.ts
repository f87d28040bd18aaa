import { List } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['matter.read']

export const task: Feature = {
  name: 'task',
  doors: [{ group: '', title: '我的待办', to: '/task', any, icon: List, count: 'task' }],
  routes: [{ path: '/task', name: 'task', component: () => import('./Page.vue'), meta: { title: '我的待办', any } }],
}
