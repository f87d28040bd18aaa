export interface Piece {
  text: string
  href: string
}

const link = /<a\s[^>]*href=["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>/gi

/** Cuts a text into plain pieces and the links that WeChat renders; nothing is ever rendered as HTML. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let at = 0
  for (const m of text.matchAll(link)) {
    if (m.index > at) out.push({ text: text.slice(at, m.index), href: '' })
    out.push({ text: m[2] ?? '', href: m[1] ?? '' })
    at = m.index + m[0].length
  }
  if (at < text.length) out.push({ text: text.slice(at), href: '' })
  return out
}
