import { limitText, momentText, spanText } from '@/ui/time'
import type { Option } from '../flow/api'
import type { Clock, Matter } from './api'

/** A light by word, shape and colour. A matter without a running clock has none. */
export function lightOf(m: Pick<Matter, 'light' | 'due_at' | 'held'>, now: number): { kind: 'good' | 'warn' | 'bad' | 'idle'; word: string } {
  if (m.held === 'over') return m.light === 'red' ? { kind: 'bad', word: '超过期限办的' } : { kind: 'good', word: '按期办的' }
  if (!m.due_at) return { kind: 'idle', word: '没有期限在走' }
  if (m.light === 'red' || m.due_at <= now) return { kind: 'bad', word: `超期 ${spanText(Math.max(0, now - m.due_at))}` }
  // How much is left is counted in working days, which only the clock's own bar can say.
  return m.light === 'yellow' ? { kind: 'warn', word: '快到期' } : { kind: 'good', word: '没到期' }
}

/** When something falls due, as a term is written: one that ends with a day ends at its 24:00. */
export function dueText(at: number, now: number): string {
  const last = momentText(at - 1, now)
  return last.endsWith('23:59') ? last.replace('23:59', '24:00') : momentText(at, now)
}

const amount = (n: number, unit: string) => `${Math.abs(n) < 10 && n % 1 ? Math.abs(n).toFixed(1) : Math.round(Math.abs(n))} ${unit === 'hour' ? '小时' : '天'}`

/** How a clock stands, as a sentence. */
export function clockText(c: Clock, now: number): string {
  const extended = c.extended ? `，已延长 ${amount(c.extended, c.unit)}` : ''
  if (c.state === 'stopped') return `已停表，用了 ${amount(c.elapsed, c.unit)}${extended}`
  if (c.state === 'paused' || !c.due_at) return `停着，用了 ${amount(c.elapsed, c.unit)}，还有 ${amount(c.left, c.unit)}${extended}`
  const due = `到 ${limitText(c.due_at - 1, now).replace(' 23:59', '')}`
  return c.left < 0 ? `超了 ${amount(c.left, c.unit)}，应该${due}办完${extended}` : `还有 ${amount(c.left, c.unit)}，${due}${extended}${c.provisional ? '（明年的放假安排没出来，是估计）' : ''}`
}

/** How much of a clock's bar is full, in percent: all of it once it is over. */
export const share = (c: Pick<Clock, 'elapsed' | 'total'>) => (c.total > 0 ? Math.min(100, Math.max(0, (c.elapsed / c.total) * 100)) : 100)

const forward = new Set(['go', 'assign', 'join', 'agree', 'mended', 'supply', 'claim', 'answer', 'grant', 'hand_back', 'resume'])
const against = new Set(['cancel', 'refuse', 'deny', 'decline', 'drop'])

/**
 * The options as the page offers them: one primary, the rest that leads on, then the others. Primary is the first that
 * goes forward and decides against nobody; what is done once in between (批注, 抄送) stands last.
 */
export function offered(options: Option[]): { primary?: Option; next: Option[]; more: Option[] } {
  const good = (o: Option) => forward.has(o.does || 'go') && o.verdict !== 'refuse'
  const primary = options.find((o) => good(o) && o.does !== 'claim') ?? options.find(good)
  const leadsOn = (o: Option) => o !== primary && (forward.has(o.does || 'go') || against.has(o.does) || o.does === 'return')
  return { primary, next: options.filter(leadsOn), more: options.filter((o) => o !== primary && !leadsOn(o)) }
}
/** Whether an option goes against somebody: it is never the primary one. */
export const isAgainst = (o: Option) => against.has(o.does) || o.verdict === 'refuse'

/** The fields that stand in an action's dialog: what it must have, and, where it leads on, what the step may change. */
export function fillable(o: Option, edits: string[]): string[] {
  const leads = o.verdict !== 'refuse' && (forward.has(o.does || 'go') || o.does === 'note') && o.does !== 'claim' && o.does !== 'grant'
  return [...new Set([...(o.fields ?? []), ...(leads ? edits : [])])]
}

/** What is still missing before an action can be sent; '' when nothing is. */
export function lacking(o: Option, said: { reason?: string; staff?: number; unit?: number; units?: number[]; signers?: number[]; watch?: number[]; state?: string; items?: string[]; amount?: number; slot?: number; evidence?: string[] }): string {
  for (const ask of o.asks ?? []) {
    if (ask === 'reason' && !said.reason?.trim()) return '请写理由'
    if (ask === 'staff' && !said.staff) return '请选一位同事'
    if (ask === 'unit' && !said.unit) return '请选一个单位'
    if (ask === 'any' && !said.unit && !said.staff) return '请选一个单位或一位同事'
    if (ask === 'units' && !said.units?.length) return '请选协办单位'
    if (ask === 'signers' && !said.signers?.length) return '请选会签的人'
    if (ask === 'watch' && !said.watch?.length) return '请选抄送给谁'
    if (ask === 'state' && !said.state) return '请选退到哪一步'
    if (ask === 'items' && !said.items?.length) return '请写要补什么'
    if (ask === 'amount' && !said.amount) return '请写延长多少'
    if (ask === 'slot' && !said.slot) return '请选减去谁'
    if (ask === 'evidence' && !said.evidence?.length) return '请写依据材料'
  }
  return ''
}
