import { Document } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

export const audit: Feature = {
  name: 'audit',
  doors: [{ group: '系统', title: '审计', to: '/audit', any: ['audit.read'], icon: Document }],
  routes: [{ path: '/audit', name: 'audit', component: () => import('./List.vue'), meta: { title: '审计', any: ['audit.read'] } }],
}
