// The text of an article in a frame of its own: what an account wrote is HTML, so it stands where no script runs and nothing
// but pictures is loaded, and its taps are handled here.

/** Styles of the text; sizes follow the phone's by --fs. */
const style = `:root{color-scheme:light}html{overflow:hidden}
body{margin:0;padding:0 0 1px;color:#191919;font:17px/1.75 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
*{max-width:100%!important;box-sizing:border-box}img,video{height:auto}table{border-collapse:collapse}
a{color:#3d5a8f}p{margin:0 0 1em}wx-open-subscribe{display:block;margin:0 0 1em}
.ask{font:inherit;min-height:48px;padding:0 20px;border:0;border-radius:8px;background:#0a7c42;color:#fff;cursor:pointer}
:focus-visible{outline:3px solid #1664d9;outline-offset:2px}`

const policy = "default-src 'none'; img-src http: https: data: blob:; media-src http: https:; style-src 'unsafe-inline'"

/** Pictures of ours with a host before them: the sandbox may be reached by another one by now. */
const elsewhere = /https?:\/\/[^/"'\s]+(\/mmbiz\/[\w-]+\/0)/g

/** The whole document for the frame's srcdoc. */
export const documentOf = (content: string) =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><base href="${location.origin}/"><style>${style}</style></head><body>${content.replace(elsewhere, '$1')}</body></html>`

export interface Taps {
  open(url: string): void
  mini(app: { appid: string; path: string }): void
  picture(urls: string[], current: string): void
  /** The reader's widget of a notice. */
  subscribe(templates: string[]): void
}

const templatesOf = (el: Element) => (el.getAttribute('template') ?? '').split(',').map((s) => s.trim()).filter(Boolean)

/** Makes the frame as high as its text, its letters as large as the phone's, and its links the phone's. Returns the end of it. */
export function settle(frame: HTMLIFrameElement, zoom: number, taps: Taps): () => void {
  const doc = frame.contentDocument
  if (!doc?.body) return () => undefined
  doc.body.style.zoom = String(zoom)
  for (const el of doc.querySelectorAll('wx-open-subscribe[template]')) {
    const button = doc.createElement('button')
    button.className = 'ask'
    button.textContent = '订阅通知'
    button.addEventListener('click', () => taps.subscribe(templatesOf(el)))
    el.replaceChildren(button)
  }
  const fit = () => (frame.style.height = `${Math.ceil(doc.documentElement.getBoundingClientRect().height)}px`)
  const watcher = new ResizeObserver(fit)
  watcher.observe(doc.body)
  fit()
  const click = (e: MouseEvent) => {
    const at = e.target as Element
    const mini = at.closest('[data-miniprogram-appid]')
    const link = at.closest('a[href]')
    if (mini) taps.mini({ appid: mini.getAttribute('data-miniprogram-appid') ?? '', path: mini.getAttribute('data-miniprogram-path') ?? '' })
    else if (link) taps.open((link as HTMLAnchorElement).href)
    else if (at instanceof doc.defaultView!.HTMLImageElement) taps.picture([...doc.images].map((i) => i.src), at.src)
    else return
    e.preventDefault()
  }
  doc.addEventListener('click', click)
  return () => {
    watcher.disconnect()
    doc.removeEventListener('click', click)
  }
}
