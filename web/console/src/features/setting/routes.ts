import { Setting } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['setting.read', 'setting.edit']

export const setting: Feature = {
  name: 'setting',
  doors: [{ group: '系统', title: '设置', to: '/setting', any, icon: Setting }],
  routes: [{ path: '/setting', name: 'setting', component: () => import('./List.vue'), meta: { title: '设置', any } }],
}
