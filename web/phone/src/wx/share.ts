// A page as it is passed on: what it set with updateAppMessageShareData and the like, else its title and address.
import type { Card } from '../api/kinds'
import type { Share } from '../state/page'

/** What the sandbox takes (wechat/sandbox/act/friend.go); longer words of a page are cut. */
const longestTitle = 200
const longestText = 2000

/** The card of a page at `url`; addresses that the page gave are taken as seen from there, and only http and https. */
export function cardOf(share: Share | undefined, page: { title: string; url: string }): Card {
  const here = page.url.replace(/#wechat_redirect$/, '') // only a mark for WeChat's browser on the way in
  const title = share?.title || page.title || here
  return {
    title: title.slice(0, longestTitle),
    description: (share?.desc || (share ? '' : here)).slice(0, longestText),
    url: webAddress(share?.link ?? '', page.url) || here,
    thumb_url: webAddress(share?.img_url ?? '', page.url),
  }
}

function webAddress(address: string, base: string): string {
  if (!address) return ''
  try {
    const u = new URL(address, base)
    return u.protocol === 'http:' || u.protocol === 'https:' ? u.href : ''
  } catch {
    return ''
  }
}
