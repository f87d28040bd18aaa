// Text of a chat message as safe nodes. What an account or a citizen wrote is never put into the
// page as HTML: this parser knows one element, <a>, and three kinds of address; all else is text.
import { faceOf, splitFaces } from './faces'

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'face'; text: string; name: string }
  | { kind: 'break' }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'menu'; text: string; id: string; content: string }
  | { kind: 'mini'; text: string; appid: string; path: string }

const anchor = /<a\b([^>]*)>([\s\S]*?)<\/a\s*>/gi
const attribute = /([a-z][a-z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi
const bareAddress = /https?:\/\/[^\s<>"'，。；、！？（）《》【】「」\u3000]+/gi
const menuScheme = /^weixin:\/\/bizmsgmenu\?/i

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&apos;': "'", '&nbsp;': ' ', '&amp;': '&' }

/** Decodes the few entities that WeChat accounts write inside links; unknown ones stay as typed. */
export function decodeEntities(s: string): string {
  return s.replace(/&(?:lt|gt|quot|#39|apos|nbsp|amp);/g, (m) => entities[m] ?? m)
}

/** True for the addresses that a citizen may open: http and https with a host. */
export function isWebAddress(href: string): boolean {
  if (!/^https?:\/\/[^\s/]/i.test(href)) return false
  try {
    new URL(href)
    return true
  } catch {
    return false
  }
}

/** Splits text of an account into nodes; with links=false (a citizen's own words) <a> stays as typed. */
export function parseRich(text: string, links = true): Node[] {
  if (!links) return plain(text)
  const out: Node[] = []
  let last = 0
  for (const m of text.matchAll(anchor)) {
    out.push(...plain(text.slice(last, m.index)))
    out.push(...link(m[1] ?? '', m[2] ?? '', m[0]))
    last = m.index + m[0].length
  }
  out.push(...plain(text.slice(last)))
  return out
}

function link(attrs: string, inner: string, whole: string): Node[] {
  const got = attributes(attrs)
  const label = decodeEntities(inner.replace(/<[^>]*>/g, '')).replace(/\s*\n\s*/g, ' ')
  if (got['data-miniprogram-appid']) {
    return [{ kind: 'mini', text: label, appid: got['data-miniprogram-appid'], path: got['data-miniprogram-path'] ?? '' }]
  }
  const href = (got['href'] ?? '').trim()
  if (menuScheme.test(href)) {
    const query = new URLSearchParams(href.replace(menuScheme, ''))
    return [{ kind: 'menu', text: label, id: query.get('msgmenuid') ?? '', content: query.get('msgmenucontent') || label }]
  }
  if (isWebAddress(href)) return [{ kind: 'link', text: label || href, href }]
  // An address that is not one of ours (javascript:, data:, tel:…) is shown as its words, never as a link.
  return plain(label || whole)
}

function attributes(s: string): Record<string, string> {
  const out: Record<string, string> = {}
  for (const m of s.matchAll(attribute)) {
    out[m[1]!.toLowerCase()] = decodeEntities(m[2] ?? m[3] ?? m[4] ?? '')
  }
  return out
}

function plain(text: string): Node[] {
  const out: Node[] = []
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  lines.forEach((line, i) => {
    if (i > 0) out.push({ kind: 'break' })
    let last = 0
    for (const m of line.matchAll(bareAddress)) {
      const href = m[0].replace(/[.,;:!?)]+$/, '')
      if (!isWebAddress(href)) continue
      out.push(...faces(line.slice(last, m.index)), { kind: 'link', text: href, href })
      last = m.index + href.length
    }
    out.push(...faces(line.slice(last)))
  })
  return out
}

function faces(text: string): Node[] {
  if (!text) return []
  return splitFaces(text).map((piece): Node => {
    const face = faceOf(piece)
    return face ? { kind: 'face', text: face.emoji, name: face.name } : { kind: 'text', text: piece }
  })
}

/** One line of the same text for lists: links as their words, breaks as spaces. */
export function summary(text: string): string {
  return parseRich(text)
    .map((n) => (n.kind === 'break' ? ' ' : n.text))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}
