// Where the words of a search stand in a text: pieces, marked or not, beginning a little before the first.

export interface Piece {
  text: string
  hit: boolean
}

/** Characters shown before the first hit, so that it is in sight on a narrow row. */
const lead = 12

export function cut(text: string, words: string[]): Piece[] {
  const flat = text.replace(/\s+/g, ' ').trim()
  const low = flat.toLowerCase()
  const marked = new Array<boolean>(flat.length).fill(false)
  let first = flat.length
  // Lower-casing can change the length (İ): then nothing is marked rather than the wrong letters.
  if (low.length === flat.length)
    for (const w of words.map((x) => x.toLowerCase()).filter(Boolean))
      for (let at = low.indexOf(w); at >= 0; at = low.indexOf(w, at + w.length)) {
        marked.fill(true, at, at + w.length)
        first = Math.min(first, at)
      }
  const from = first === flat.length || first <= lead ? 0 : first - lead
  const out: Piece[] = from > 0 ? [{ text: '…', hit: false }] : []
  for (let i = from; i < flat.length; i++) {
    const last = out[out.length - 1]
    if (last && last.hit === marked[i]) last.text += flat[i]
    else out.push({ text: flat[i]!, hit: marked[i]! })
  }
  return out
}
