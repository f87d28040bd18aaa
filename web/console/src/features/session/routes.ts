import type { Feature } from '@/shell/feature'

/** Logging in and what a person does with their own access. It has no door: the menu at their name leads here. */
export const session: Feature = {
  name: 'session',
  doors: [],
  routes: [
    { path: '/login', name: 'login', component: () => import('./Login.vue'), meta: { title: '登录', open: true } },
    { path: '/activate', name: 'activate', component: () => import('./Activate.vue'), meta: { title: '启用账号', open: true } },
    { path: '/password', name: 'password', component: () => import('./Password.vue'), meta: { title: '修改密码' } },
    { path: '/factor', name: 'factor', component: () => import('./Factor.vue'), meta: { title: '动态验证码' } },
    { path: '/sessions', name: 'sessions', component: () => import('./Sessions.vue'), meta: { title: '登录的设备' } },
  ],
}
