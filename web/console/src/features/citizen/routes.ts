import { User } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'
import { listFollowers } from './api'

const read = ['follower.read', 'follower.edit']

export const citizen: Feature = {
  name: 'citizen',
  doors: [{ group: '', title: '粉丝', to: '/citizen', any: read, icon: User }],
  routes: [
    { path: '/citizen', name: 'citizen', component: () => import('./Followers.vue'), meta: { title: '粉丝', any: read } },
    { path: '/citizen/tag', name: 'citizen-tag', component: () => import('./Tags.vue'), meta: { title: '标签', any: read, oneAccount: true } },
  ],
  topics: [{ name: 'follower', any: read }],
  finders: [
    {
      title: '粉丝',
      any: read,
      find: async (q, signal) => (await listFollowers({ q, limit: 6 }, signal)).items.map((f) => ({ title: f.name, note: f.account_name, to: `/citizen?open=${f.id}&q=${encodeURIComponent(q)}` })),
    },
  ],
}
