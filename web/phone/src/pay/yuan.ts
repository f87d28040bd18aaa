/** Fen as people write money: 2050 → 20.50, 123456789 → 1,234,567.89. */
export function yuan(fen: number): string {
  const whole = Math.trunc(Math.abs(fen) / 100)
  const rest = String(Math.abs(fen) % 100).padStart(2, '0')
  return `${fen < 0 ? '-' : ''}${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

/** How many digits a payment password has. */
export const digits = 6

/** The digits typed so far after a key: digits are added, 'Backspace' takes one away, all else changes nothing. */
export function typed(before: string, key: string): string {
  if (key === 'Backspace') return before.slice(0, -1)
  return /^\d$/.test(key) && before.length < digits ? before + key : before
}
