import { createApp } from 'vue'
import { sandbox } from './api/sandbox'
import App from './App.vue'
import { createDesk, deskKey } from './state/desk'
import { createPage, pageKey } from './state/page'
import { createStand, standKey } from './state/stand'
import './style/base.css'
import './style/phone.css'

const stand = createStand()
const desk = createDesk(sandbox, {
  ...stand.state.first,
  first: true,
  moved(citizen, account) {
    if (stand.state.front === stand.state.first.citizen) stand.state.front = citizen
    stand.state.first = { citizen, account }
    stand.show()
  },
})
createApp(App).provide(standKey, stand).provide(deskKey, desk).provide(pageKey, createPage()).mount('#app')
void desk.start()
