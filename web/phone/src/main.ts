import { createApp } from 'vue'
import { sandbox } from './api/sandbox'
import App from './App.vue'
import { createDesk, deskKey } from './state/desk'
import { createPage, pageKey } from './state/page'
import './style/base.css'
import './style/phone.css'

const desk = createDesk(sandbox)
createApp(App).provide(deskKey, desk).provide(pageKey, createPage()).mount('#app')
void desk.start()
