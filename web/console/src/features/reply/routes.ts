import { ChatLineSquare, MagicStick } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['reply.read', 'reply.edit']

export const reply: Feature = {
  name: 'reply',
  doors: [
    { group: '应答', title: '规则', to: '/reply', any, icon: ChatLineSquare },
    { group: '应答', title: '测试台', to: '/reply/bench', any, icon: MagicStick },
  ],
  routes: [
    { path: '/reply', name: 'reply', component: () => import('./List.vue'), meta: { title: '应答规则', any } },
    { path: '/reply/bench', name: 'reply-bench', component: () => import('./BenchPage.vue'), meta: { title: '测试台', any, oneAccount: true } },
  ],
}
