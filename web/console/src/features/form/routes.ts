import { Tickets } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['form.read', 'form.edit', 'form.publish']

export const form: Feature = {
  name: 'form',
  doors: [{ group: '', title: '表单', to: '/form', any, icon: Tickets }],
  routes: [
    { path: '/form', name: 'form', component: () => import('./List.vue'), meta: { title: '表单', any } },
    { path: '/form/:id(\\d+)', name: 'form-design', component: () => import('./DesignPage.vue'), meta: { title: '设计表单', any } },
    { path: '/form/:id(\\d+)/sent', name: 'form-sent', component: () => import('./Sent.vue'), meta: { title: '提交的表单', any } },
  ],
}
