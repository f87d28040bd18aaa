import type { Follower, Sync, Tag } from './api'

/** WeChat counts a remark below 30 bytes and a tag's name up to 30 (errors 40054 and 45158 count bytes). */
export const remarkBytes = 29
export const tagBytes = 30

export function followMark(f: Pick<Follower, 'following' | 'blacklisted' | 'erased'>): { kind: 'good' | 'bad' | 'idle'; word: string } {
  if (f.erased) return { kind: 'idle', word: '已清除' }
  if (f.blacklisted) return { kind: 'bad', word: '已拉黑' }
  return f.following ? { kind: 'good', word: '关注中' } : { kind: 'idle', word: '已取消' }
}

/** What is to be known of the blacklist beside the mark; nothing when all is as one expects. */
export function blacklistNote(f: Pick<Follower, 'blacklisted' | 'blacklist_state' | 'blacklist_problem'>): string {
  switch (f.blacklist_state) {
    case 'telling':
      return f.blacklisted ? '正在告诉微信；告诉之前，他说的话还会送来。' : '正在告诉微信；告诉之后，他说的话才会再送来。'
    case 'told':
      return f.blacklisted ? '微信也已拉黑：他说的话不再送来，移出前的也不会补送。' : ''
    case 'failed':
      return `微信没有接受（${f.blacklist_problem ?? '原因不明'}）：${f.blacklisted ? '只在本系统里拉黑，他说的话还会送来。' : '他在微信那边可能还在黑名单里。'}`
    default:
      return f.blacklisted ? '只在本系统里拉黑：公众号没有这项权限，他说的话还会送来、留存。' : ''
  }
}

/** How far the reading of WeChat's list has come. */
export function syncText(s: Sync): string {
  const n = (x: number) => x.toLocaleString('zh-CN')
  switch (s.state) {
    case 'running':
      return s.total ? `正在与微信核对：${n(s.done)} / ${n(s.total)}` : '正在与微信核对…'
    case 'done':
      return `已核对 ${n(s.done)} 人` + (s.fresh || s.gone ? `，新见到 ${n(s.fresh)} 人，${n(s.gone)} 人已不再关注` : '')
    case 'failed':
      return `核对停在 ${n(s.done)} 人：${s.detail ?? '微信没有回应'}`
    default:
      return '还没有与微信核对过'
  }
}

/** How a tag stands with WeChat. */
export function tagMark(t: Pick<Tag, 'state' | 'problem'>): { kind: 'good' | 'bad' | 'busy' | 'idle'; word: string } {
  switch (t.state) {
    case 'wechat':
      return { kind: 'good', word: '微信里也有' }
    case 'here':
      return { kind: 'idle', word: '只在本系统' }
    case 'failed':
      return { kind: 'bad', word: t.problem || '微信没有收下' }
    case 'removing':
      return { kind: 'busy', word: '正在从微信删除' }
    default:
      return { kind: 'busy', word: '正在告诉微信' }
  }
}
