// What people want of a step, said in one word: each adds everything that it cannot work without (the partner of an action,
// the step where somebody waits, what a clock does meanwhile), so that nothing half is left for the clerk to find out.
import type { Action, Clock, Definition, State } from './api'
import { addState, anywhere, before, freeName, verbOf } from './graph'

export interface Preset {
  id: string
  title: string
  /** What it is for, for a clerk who has not met it. */
  note: string
  fits: (d: Definition, s: State) => boolean
  /** Adds it, and answers the action to look at. */
  add: (d: Definition, s: State) => string
}

const doing = (d: Definition, s: State, verb: string) => d.actions.find((a) => verbOf(a) === verb && (a.from.includes(s.name) || (a.from.includes(anywhere) && !s.end)))
const step = (s: State) => !s.end
const lacks = (verb: string) => (d: Definition, s: State) => step(s) && !doing(d, s, verb)

/** Adds an action, or lets the one that does so already be done in this step too. */
function put(d: Definition, s: State, a: Omit<Action, 'name' | 'from'> & { from?: string[] }): Action {
  const same = d.actions.find((x) => verbOf(x) === (a.does ?? 'go') && !a.to && !x.to && !a.from)
  if (same) {
    if (!same.from.includes(s.name)) same.from.push(s.name)
    return same
  }
  const made: Action = { ...a, name: freeName(d.actions, 'do'), from: a.from ?? [s.name] }
  d.actions.push(made)
  return made
}

const whole = (d: Definition) => (d.clocks ?? []).filter((c) => c.per !== 'branch')
/** The clocks of the matter stand still between two moments. */
function pause(d: Definition, title: string, on: string, resumes: string, more: object = {}) {
  for (const c of whole(d)) {
    if (c.pauses?.some((p) => p.on.includes(on))) continue
    c.pauses = [...(c.pauses ?? []), { name: freeName(c.pauses ?? [], 'pause'), title, on: [on], resumes: [resumes], ...more }]
  }
}
function newClock(d: Definition, title: string, amount: number, more: Partial<Clock>): Clock {
  const c: Clock = { name: freeName((d.clocks ??= []), 'clock'), title, basis: 'promised', rule: { kind: 'working', amount }, ...more }
  d.clocks.push(c)
  return c
}
export const wholeClock = (d: Definition) => newClock(d, '办理时限', 5, { starts: ['open'], stops: d.states.filter((s) => s.end).map((s) => `enter:${s.name}`), due: [] })

/** A step beside another, where nobody stands yet. */
function aside(d: Definition, s: State, title: string, more: Partial<State>): State {
  const at = d.layout?.[s.name] ?? { x: 80, y: 160 }
  const taken = Object.values(d.layout ?? {})
  let y = at.y + 120
  while (taken.some((p) => Math.abs(p.x - at.x) < 170 && Math.abs(p.y - y) < 80)) y += 120
  const made = addState(d, { x: at.x, y }, more.end)
  return Object.assign(made, { title }, more)
}
const void_ = (d: Definition, s: State) => d.states.find((x) => x.outcome === 'void') ?? aside(d, s, '作废', { end: true, outcome: 'void' })

export const presets: Preset[] = [
  {
    id: 'return', title: '退回前面的步骤', note: '写明理由，退给前面办过的人改；改好再走一遍。',
    fits: (d, s) => step(s) && !doing(d, s, 'return') && before(d, s.name).size > 0,
    add: (d, s) => put(d, s, { title: '退回', does: 'return', from: [s.name], steps: d.states.filter((x) => before(d, s.name).has(x.name)).map((x) => x.name) }).name,
  },
  {
    id: 'return_direct', title: '退回，改好直接送回', note: '退回时可以要求改好后直接送回退回的人，不用一步一步重走。',
    fits: (d, s) => step(s) && !doing(d, s, 'return') && before(d, s.name).size > 0,
    add: (d, s) => {
      const steps = d.states.filter((x) => before(d, s.name).has(x.name)).map((x) => x.name)
      const back = put(d, s, { title: '退回', does: 'return', from: [s.name], steps, direct: 'may' })
      const mended = d.actions.find((a) => a.does === 'mended')
      if (mended) mended.from = [...new Set([...mended.from, ...steps])]
      else d.actions.push({ name: freeName(d.actions, 'do'), title: '改好送回', does: 'mended', from: steps })
      return back.name
    },
  },
  {
    id: 'withdraw', title: '送出的人可以撤回', note: '下一步的人还没有动手时，送来的人能收回去。',
    fits: (d, s) => step(s) && !doing(d, s, 'withdraw') && before(d, s.name).size > 0,
    add: (d, s) => put(d, s, { title: '撤回', does: 'withdraw' }).name,
  },
  {
    id: 'supply', title: '请当事人补正', note: '一次说清要补什么；当事人补的时候停表，补完回到这里。',
    fits: lacks('ask'),
    add: (d, s) => {
      const first = d.states[0]!
      const wait = aside(d, s, '待补正', { acts: ['outside'], edits: [...new Set([...(first.fills ?? []), ...(first.edits ?? [])])] })
      const ask = put(d, s, { title: '一次性告知补正', does: 'ask', to: wait.name })
      d.actions.push({ name: freeName(d.actions, 'do'), title: '补正完毕', does: 'supply', from: [wait.name] })
      d.actions.push({ name: freeName(d.actions, 'do'), title: '当事人不补了', from: [wait.name], to: (d.states.find((x) => x.outcome === 'withdrawn') ?? aside(d, wait, '已撤回', { end: true, outcome: 'withdrawn' })).name, by: ['outside'], bare: true })
      stopAtEnds(d)
      pause(d, '等待补正', `enter:${wait.name}`, `leave:${wait.name}`)
      return ask.name
    },
  },
  {
    id: 'suspend', title: '暂停办理、恢复', note: '等鉴定、等法院这类事：写明理由、附依据，停表，到时或由人恢复。',
    fits: lacks('suspend'),
    add: (d, s) => {
      const reasons = ['需要鉴定或检测', '等待法院或仲裁结果', '不可抗力']
      const a = put(d, s, { title: '暂停办理', does: 'suspend', evidence: true, reasons })
      const b = put(d, s, { title: '恢复办理', does: 'resume', by: ['assignee', 'lead'] })
      pause(d, '暂停办理', `do:${a.name}`, `do:${b.name}`, { reasons, evidence: true })
      return a.name
    },
  },
  {
    id: 'extend', title: '申请延期、批准', note: '办的人申请，另一个人批；一般只能延一次。',
    fits: lacks('extend'),
    add: (d, s) => {
      const clock = whole(d)[0] ?? wholeClock(d)
      if (!clock.extends?.times) clock.extends = { times: 1, by: ['lead'] }
      const a = put(d, s, { title: '申请延期', does: 'extend' })
      put(d, s, { title: '同意延期', does: 'grant' })
      put(d, s, { title: '不同意延期', does: 'deny' })
      return a.name
    },
  },
  {
    id: 'join', title: '请别的单位协办', note: '几个单位同时办，各有各的时限；都反馈了才往下走。',
    fits: (d, s) => step(s) && !s.signing && !doing(d, s, 'join'),
    add: (d, s) => {
      const a = put(d, s, { title: '请单位协办', does: 'join' })
      put(d, s, { title: '协办反馈', does: 'answer' })
      put(d, s, { title: '退回协办', does: 'decline' })
      put(d, s, { title: '不再等协办', does: 'drop' })
      if (!d.clocks?.some((c) => c.per === 'branch')) newClock(d, '协办时限', 3, { per: 'branch', due: [{ name: 'late', level: 1 }] })
      return a.name
    },
  },
  { id: 'claim', title: '认领、放回', note: '几个人都能办的时候，谁先认领谁办；办不了放回去。', fits: (d, s) => step(s) && !s.signing && !doing(d, s, 'claim') && (s.acts ?? []).some((x) => x.startsWith('role:') || x === 'unit' || x === 'lead'), add: (d, s) => { const a = put(d, s, { title: '认领', does: 'claim' }); put(d, s, { title: '放回', does: 'release' }); return a.name } },
  { id: 'transfer', title: '转办给同事', note: '转给另一位能办这一步的同事，以后由他办。', fits: (d, s) => lacks('transfer')(d, s) && !s.signing, add: (d, s) => put(d, s, { title: '转办', does: 'transfer', names: 'staff' }).name },
  { id: 'delegate', title: '委派同事代办', note: '请同事替着办，名义上还是自己的，随时能收回。', fits: (d, s) => lacks('delegate')(d, s) && !s.signing, add: (d, s) => { const a = put(d, s, { title: '委派', does: 'delegate' }); put(d, s, { title: '代办交回', does: 'hand_back' }); put(d, s, { title: '收回代办', does: 'take_back' }); return a.name } },
  { id: 'signers', title: '加签、减签', note: '会签的人可以再请别人签；送会签的人可以减去还没签的。', fits: (d, s) => !!s.signing && !doing(d, s, 'add_signer'), add: (d, s) => { const a = put(d, s, { title: '加签', does: 'add_signer' }); put(d, s, { title: '减签', does: 'remove_signer' }); return a.name } },
  { id: 'urge', title: '催办（每一步）', note: '登记人和当事人可以催，正在办的人和负责人收到提醒。', fits: lacks('urge'), add: (d, s) => put(d, s, { title: '催办', does: 'urge', from: [anywhere], by: ['opener', 'outside'], notices: [notice(d, '催办', ['assignee', 'lead'], 'flow.notice.urged')] }).name },
  { id: 'note', title: '批注（每一步）', note: '说一句话，什么也不改；经过里能看到。', fits: lacks('note'), add: (d, s) => put(d, s, { title: '批注', does: 'note', from: [anywhere], by: ['assignee', 'lead', 'opener', 'watcher'] }).name },
  { id: 'copy', title: '抄送（每一步）', note: '让不办这件事的同事也能跟着看。', fits: lacks('copy'), add: (d, s) => { const a = put(d, s, { title: '抄送', does: 'copy', from: [anywhere], by: ['assignee', 'lead'] }); put(d, s, { title: '取消抄送', does: 'uncopy', from: [anywhere], by: ['assignee', 'lead'] }); return a.name } },
  { id: 'cancel', title: '作废（每一步）', note: '登记错了、重复了：写明理由，整件事作废。', fits: lacks('cancel'), add: (d, s) => { const a = put(d, s, { title: '作废', does: 'cancel', from: [anywhere], to: void_(d, s).name, by: ['lead'] }); stopAtEnds(d); return a.name } },
  { id: 'reopen', title: '办结后重办', note: '办完以后一定天数内，当事人或登记人可以要求再办。', fits: (d, s) => !!s.end && !doing(d, s, 'reopen'), add: (d, s) => { const a = put(d, s, { title: '重办', does: 'reopen', to: d.states[0]!.name, within_days: 30, by: ['opener', 'outside'] }); whole(d).forEach((c) => restart(c, a.name)); return a.name } },
]

/** A notice of that title, made when there is none. */
export function notice(d: Definition, title: string, to: string[], text: string): string {
  const has = d.notices?.find((n) => n.text === text)
  if (has) return has.name
  const name = freeName((d.notices ??= []), 'notice')
  d.notices.push({ name, title, to, text })
  return name
}

/** Clocks that stop at an end stop at every end. */
export function stopAtEnds(d: Definition) {
  const ends = d.states.filter((s) => s.end).map((s) => `enter:${s.name}`)
  for (const c of whole(d)) if (c.stops?.some((t) => ends.includes(t))) c.stops = [...new Set([...c.stops, ...ends])]
}
function restart(c: Clock, action: string) {
  c.starts = [...(c.starts ?? []), `do:${action}`]
  c.again = true
}

/** What fits a step now. */
export const offered = (d: Definition, s: State) => presets.filter((p) => p.fits(d, s))
