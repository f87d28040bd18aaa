import { createRouter, createWebHistory } from 'vue-router'
import { features } from '@/features'
import { useSession } from './session'

export function makeRouter() {
  const router = createRouter({
    history: createWebHistory('/console/'),
    routes: [
      ...features.flatMap((f) => f.routes),
      { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./Nowhere.vue'), meta: { title: '没有这个页面' } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })

  router.beforeEach(async (to) => {
    if (to.meta.open) return true
    const session = useSession()
    if (!session.who) {
      try {
        await session.load()
      } catch {
        // the server is away: the login page says so when it is tried
      }
    }
    if (!session.who) return { path: '/login', query: to.fullPath === '/' ? {} : { then: to.fullPath } }
    const first = session.who.must_change ? 'password' : session.who.must_set_factor ? 'factor' : ''
    if (first) return to.name === first ? true : { name: first }
    if (!session.can(...(to.meta.any ?? []))) return { name: 'nowhere', params: { rest: to.path.slice(1).split('/') }, query: { denied: '1' } }
    return true
  })
  router.afterEach((to) => {
    document.title = to.meta.title ? `${to.meta.title} · 为政` : '为政'
  })
  return router
}
