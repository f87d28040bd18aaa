import { Calendar } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['worktime.read']

export const worktime: Feature = {
  name: 'worktime',
  doors: [{ group: '系统', title: '工作日历', to: '/worktime', any, icon: Calendar, count: 'worktime' }],
  routes: [{ path: '/worktime', name: 'worktime', component: () => import('./Page.vue'), meta: { title: '工作日历', any } }],
  topics: [{ name: 'worktime', permission: 'worktime.read' }],
}
