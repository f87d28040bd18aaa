// The one web page that is open in the phone, as its frame and the page itself report it.
import { inject, reactive, type InjectionKey } from 'vue'

export interface Share {
  kind: string
  title: string
  desc: string
  link: string
  img_url: string
}

export function createPage() {
  const state = reactive({
    open: false,
    /** Grows with each opening, so that the frame is made anew. */
    key: 0,
    /** The address as the server knows it, for titles and copying. */
    url: '',
    frame: '',
    title: '',
    canGoBack: false,
    loading: false,
  })

  return {
    state,
    show(url: string, frame: string) {
      Object.assign(state, { open: true, key: state.key + 1, url, frame, title: '', canGoBack: false, loading: true })
    },
    close() {
      Object.assign(state, { open: false, frame: '', title: '', loading: false })
    },
  }
}

export type Page = ReturnType<typeof createPage>

export const pageKey: InjectionKey<Page> = Symbol('page')

export function usePage(): Page {
  const page = inject(pageKey)
  if (!page) throw new Error('no page: App provides it')
  return page
}
