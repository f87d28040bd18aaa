import { Menu } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['menu.read', 'menu.edit', 'menu.publish']

export const menu: Feature = {
  name: 'menu',
  doors: [{ group: '', title: '菜单', to: '/menu', any, icon: Menu }],
  routes: [{ path: '/menu', name: 'menu', component: () => import('./MenuPage.vue'), meta: { title: '菜单', any, oneAccount: true } }],
  topics: [{ name: 'menu', permission: 'menu.read' }],
}
