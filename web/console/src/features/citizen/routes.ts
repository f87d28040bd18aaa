import { User } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const read = ['follower.read', 'follower.edit']

export const citizen: Feature = {
  name: 'citizen',
  doors: [{ group: '', title: '粉丝', to: '/citizen', any: read, icon: User }],
  routes: [
    { path: '/citizen', name: 'citizen', component: () => import('./Followers.vue'), meta: { title: '粉丝', any: read } },
    { path: '/citizen/tag', name: 'citizen-tag', component: () => import('./Tags.vue'), meta: { title: '标签', any: read, oneAccount: true } },
  ],
}
