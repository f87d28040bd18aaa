// Which addresses are articles of this sandbox: /s/<id> on the server that this phone came from.

const local = (host: string) => host === '127.0.0.1' || host === 'localhost' || host === '[::1]'

/** The path of an address on this server; '' for an address elsewhere. `here` is the phone's own origin. */
function ownPath(address: string, here: string): string {
  try {
    const own = new URL(here)
    const u = new URL(address, here)
    const same = u.host === own.host || (local(u.hostname) && local(own.hostname) && u.port === own.port)
    return same && (u.protocol === 'http:' || u.protocol === 'https:') ? u.pathname : ''
  } catch {
    return ''
  }
}

/** The id of the article at an address; '' for anything else. */
export const articleOf = (address: string, here: string) => /^\/s\/([\w-]+)$/.exec(ownPath(address, here))?.[1] ?? ''

/** Where the phone shows the preview of a draft at an address; '' for anything else. */
export function draftOf(address: string, here: string): string {
  const path = ownPath(address, here)
  return /^\/s\/draft\/[\w-]+\/\d+$/.test(path) ? here + path : ''
}

/** 999, 1.2万, 10万+: a count as readers are shown it. */
export function countText(n: number): string {
  if (n < 10_000) return String(n)
  if (n >= 100_000) return '10万+'
  return `${Math.floor(n / 1000) / 10}万`
}
