/** One line of text with an optional link and a note at its end, as parts give them to cards, blocks and search. */
export interface CardLine {
  title: string
  note?: string
  url?: string
  at?: number
  mark?: 'good' | 'warn' | 'bad'
}

/** The route of an address of the console itself ("/console/reply?open=3"), '' for any other. */
export function inside(url: string): string {
  return url.startsWith('/console/') ? url.slice('/console'.length) : ''
}
