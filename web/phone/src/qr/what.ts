/**
 * What was typed or read at "scan": an address goes to the sandbox as one, and what looks like the
 * ticket of WeChat's code (long, base64url) as a ticket; anything else is text and stays here.
 */
export function scanned(text: string): { ticket: string } | { url: string } | null {
  const s = text.trim()
  if (/^https?:\/\/\S+$/i.test(s)) return { url: s }
  if (/^[A-Za-z0-9_=-]{20,}$/.test(s)) return { ticket: s }
  return null
}
