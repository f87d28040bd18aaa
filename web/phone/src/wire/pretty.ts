// Bodies on the wire, laid out for reading: XML and JSON indented, forms one field a line,
// everything else as it came. Nothing is dropped: a body that does not parse is shown unchanged.

export type Form = 'xml' | 'json' | 'form' | 'text' | 'empty'

export function prettyBody(body: string | null | undefined): { form: Form; text: string } {
  const s = (body ?? '').trim()
  if (!s) return { form: 'empty', text: '' }
  if (s.startsWith('<') && !/^<!doctype html|^<html/i.test(s)) {
    const xml = prettyXML(s)
    return xml === null ? { form: 'text', text: body! } : { form: 'xml', text: xml }
  }
  if (s.startsWith('{') || s.startsWith('[')) {
    try {
      return { form: 'json', text: JSON.stringify(JSON.parse(s), null, 2) }
    } catch {
      return { form: 'text', text: body! }
    }
  }
  return { form: 'text', text: body! }
}

type Token = { kind: 'open' | 'close' | 'empty' | 'text' | 'other'; text: string; name: string }

const tokens = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/\s*([\w:.-]+)\s*>|<([\w:.-]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>|[^<]+/g

/** Two-space indentation, an element with only text on one line; null when tags do not balance. */
export function prettyXML(xml: string): string | null {
  const list = scan(xml)
  if (!list) return null
  const lines: string[] = []
  const open: string[] = []
  for (let i = 0; i < list.length; i++) {
    const t = list[i]!
    const pad = '  '.repeat(open.length)
    if (t.kind === 'close') {
      if (open.pop() !== t.name) return null
      lines.push('  '.repeat(open.length) + t.text)
      continue
    }
    if (t.kind !== 'open') {
      if (t.text) lines.push(pad + t.text)
      continue
    }
    const end = leafEnd(list, i)
    if (end > 0) {
      lines.push(pad + list.slice(i, end + 1).map((x) => x.text).join(''))
      i = end
      continue
    }
    lines.push(pad + t.text)
    open.push(t.name)
  }
  return open.length === 0 ? lines.join('\n') : null
}

/** Index of the closing tag when the element at i holds only text (or nothing); 0 otherwise. */
function leafEnd(list: Token[], i: number): number {
  let j = i + 1
  while (j < list.length && list[j]!.kind === 'text') j++
  const t = list[j]
  return t && t.kind === 'close' && t.name === list[i]!.name ? j : 0
}

function scan(xml: string): Token[] | null {
  const out: Token[] = []
  let at = 0
  for (const m of xml.matchAll(tokens)) {
    if (m.index !== at) return null
    at += m[0].length
    if (m[1]) out.push({ kind: 'close', text: `</${m[1]}>`, name: m[1] })
    else if (m[2]) out.push({ kind: m[4] ? 'empty' : 'open', text: m[0], name: m[2] })
    else if (m[0].startsWith('<![CDATA[')) out.push({ kind: 'text', text: m[0], name: '' })
    else if (m[0].startsWith('<')) out.push({ kind: 'other', text: m[0], name: '' })
    else if (m[0].trim()) out.push({ kind: 'text', text: m[0].trim(), name: '' })
  }
  return at === xml.length ? out : null
}

export type Piece = { kind: 'tag' | 'key' | 'mark' | 'text'; text: string }

/** Pieces of one laid-out body for colouring; joined, they are the same text. */
export function colour(form: Form, text: string): Piece[] {
  if (form === 'xml') return cut(text, /(<!\[CDATA\[|\]\]>)|(<\/?[\w:.-]+(?:"[^"]*"|'[^']*'|[^"'>])*>)/g, ['mark', 'tag'])
  if (form === 'json') return cut(text, /("(?:[^"\\]|\\.)*"(?=\s*:))/g, ['key'])
  return text ? [{ kind: 'text', text }] : []
}

function cut(text: string, pattern: RegExp, kinds: Piece['kind'][]): Piece[] {
  const out: Piece[] = []
  let last = 0
  for (const m of text.matchAll(pattern)) {
    if (m.index > last) out.push({ kind: 'text', text: text.slice(last, m.index) })
    const group = m.slice(1).findIndex((g) => g !== undefined)
    out.push({ kind: kinds[group] ?? 'text', text: m[0] })
    last = m.index + m[0].length
  }
  if (last < text.length) out.push({ kind: 'text', text: text.slice(last) })
  return out
}
