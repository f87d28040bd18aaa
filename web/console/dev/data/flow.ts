import type { Definition } from '../../src/features/flow/api.ts'

/** The flow of the mock: a seal is asked for, a chief decides. */
export const seal: Definition = {
  key: 'seal', title: '用章审批', kind: 'seal', text: '盖公章之前由分管的人看过',
  roles: [{ name: 'chief', title: '科长', permission: 'flow.publish' }],
  states: [
    { name: 'start', title: '登记', acts: ['opener'] },
    { name: 'check', title: '科长审批', acts: ['role:chief'], review: true },
    { name: 'done', title: '可以用章', end: true, outcome: 'granted' },
    { name: 'refused', title: '没有同意', end: true, outcome: 'rejected' },
  ],
  actions: [
    { name: 'submit', title: '提交', from: ['start'], to: 'check', notices: ['todo'] },
    { name: 'pass', title: '同意', from: ['check'], to: 'done', verdict: 'approve' },
    { name: 'refuse', title: '不同意', from: ['check'], to: 'refused', verdict: 'refuse' },
    { name: 'back', title: '退回', does: 'return', from: ['check'], steps: ['start'] },
    { name: 'note', title: '批注', does: 'note', from: ['*'], by: ['opener', 'role:chief'] },
  ],
  clocks: [{ name: 'all', title: '办理时限', basis: 'promised', rule: { kind: 'working', amount: 3 }, starts: ['open'], stops: ['enter:done', 'enter:refused'], due: [{ name: 'late', notices: ['todo'] }] }],
  notices: [{ name: 'todo', title: '有用章要审', to: ['role:chief'], text: 'flow.notice.to_do' }],
  layout: { start: { x: 60, y: 120 }, check: { x: 310, y: 120 }, done: { x: 560, y: 60 }, refused: { x: 560, y: 180 } },
}
