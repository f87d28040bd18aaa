import type { Queue } from './api'

/** Work that waits longer than this while nothing runs is stuck, in ms. */
const stuckAfter = 5 * 60_000

export function queueMark(q: Queue, now: number): { kind: 'good' | 'warn' | 'bad' | 'busy'; word: string } {
  if (q.failed) return { kind: 'bad', word: `${q.failed} 件没办成` }
  if (q.waiting && q.oldest_at && now - q.oldest_at > stuckAfter) return { kind: 'warn', word: '等得太久' }
  if (q.retrying) return { kind: 'warn', word: '在重试' }
  return q.running || q.waiting ? { kind: 'busy', word: '在办' } : { kind: 'good', word: '都办完了' }
}
