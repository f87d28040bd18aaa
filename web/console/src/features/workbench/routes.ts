import { HomeFilled } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

export const workbench: Feature = {
  name: 'workbench',
  doors: [{ group: '', title: '工作台', to: '/', any: [], icon: HomeFilled }],
  routes: [{ path: '/', name: 'workbench', component: () => import('./Workbench.vue'), meta: { title: '工作台' } }],
}
