import { ChatDotRound } from '@element-plus/icons-vue'
import type { Feature } from '@/shell/feature'

const any = ['conversation.read', 'conversation.answer']

export const conversation: Feature = {
  name: 'conversation',
  doors: [{ group: '', title: '消息', to: '/conversation', any, icon: ChatDotRound, count: 'conversation' }],
  routes: [{ path: '/conversation', name: 'conversation', component: () => import('./Inbox.vue'), meta: { title: '消息', any, full: true } }],
  topics: [{ name: 'conversation', permission: 'conversation.read' }],
}
