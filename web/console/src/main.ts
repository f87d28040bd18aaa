import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { onSessionEnd } from '@/api/client'
import { makeRouter } from '@/shell/router'
import { useSession } from '@/shell/session'
import App from './App.vue'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import './ui/base.css'

const app = createApp(App)
app.use(createPinia())
onSessionEnd(() => useSession().again())
app.use(makeRouter())
app.mount('#app')
