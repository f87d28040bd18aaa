import type { Staff } from './api'

export function stateMark(s: Pick<Staff, 'state'>): { kind: 'good' | 'warn' | 'idle'; word: string } {
  switch (s.state) {
    case 'active':
      return { kind: 'good', word: '在用' }
    case 'invited':
      return { kind: 'warn', word: '待启用' }
    case 'expired':
      return { kind: 'idle', word: '已到期' }
    default:
      return { kind: 'idle', word: '已停用' }
  }
}
