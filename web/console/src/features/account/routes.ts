import { ChatDotSquare } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const read = ['account.read', 'account.edit']

export const account: Feature = {
  name: 'account',
  doors: [{ group: '系统', title: '公众号', to: '/account', any: read, icon: ChatDotSquare }],
  routes: [
    { path: '/account', name: 'account', component: () => import('./List.vue'), meta: { title: '公众号', any: read } },
    { path: '/account/new', name: 'account-new', component: () => import('./New.vue'), meta: { title: '接入公众号', any: ['account.edit'] } },
    { path: '/account/:id(\\d+)', name: 'account-one', component: () => import('./Detail.vue'), meta: { title: '公众号', any: read } },
  ],
}
