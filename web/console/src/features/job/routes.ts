import { List } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

export const job: Feature = {
  name: 'job',
  doors: [{ group: '系统', title: '任务', to: '/job', any: ['job.read'], icon: List }],
  routes: [{ path: '/job', name: 'job', component: () => import('./Queues.vue'), meta: { title: '任务', any: ['job.read'] } }],
}
