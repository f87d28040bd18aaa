import { Bell, List } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['matter.read']

export const task: Feature = {
  name: 'task',
  doors: [
    { group: '', title: '我的待办', to: '/task', any, icon: List, count: 'task' },
    { group: '', title: '提醒', to: '/notices', any, icon: Bell, count: 'notice' },
  ],
  routes: [
    { path: '/task', name: 'task', component: () => import('./Page.vue'), meta: { title: '我的待办', any } },
    { path: '/notices', name: 'notices', component: () => import('./Notices.vue'), meta: { title: '提醒', any } },
    { path: '/deputies', name: 'deputies', component: () => import('./Deputies.vue'), meta: { title: '外出请人代办', any } },
  ],
}
