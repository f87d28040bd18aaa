import type { Change, Definition } from './api'

/** What an action does, in the words of Chinese approval systems, in groups for the menu. */
export const verbGroups: { title: string; verbs: Record<string, string> }[] = [
  { title: '往下走', verbs: { go: '办到下一步', assign: '派单、指派', join: '请单位协办' } },
  { title: '谁来办', verbs: { claim: '认领', release: '放回', transfer: '转办', reassign: '改派', delegate: '委派代办', hand_back: '代办交回', take_back: '收回代办' } },
  { title: '协办', verbs: { answer: '协办反馈', decline: '退回协办', drop: '不再等协办' } },
  { title: '会签', verbs: { agree: '会签同意', refuse: '会签不同意', add_signer: '加签', remove_signer: '减签' } },
  { title: '往回走', verbs: { return: '退回', mended: '改好送回', withdraw: '撤回' } },
  { title: '当事人', verbs: { ask: '要求补正', supply: '补正完毕' } },
  { title: '时间', verbs: { suspend: '暂停办理', resume: '恢复办理', extend: '申请延期', grant: '同意延期', deny: '不同意延期', urge: '催办' } },
  { title: '其他', verbs: { note: '批注', copy: '抄送', uncopy: '取消抄送', child: '开出子流程', cancel: '作废', reopen: '重办' } },
]
export const verbText: Record<string, string> = Object.assign({}, ...verbGroups.map((g) => g.verbs))

/** The verbs that lead to a state that the action names. */
export const leads = new Set(['go', 'assign', 'join', 'ask', 'supply', 'cancel', 'reopen'])
/** Those that must name one. */
export const mustLead = new Set(['go', 'ask', 'cancel', 'reopen'])

export const outcomeText: Record<string, string> = { granted: '准予、通过', rejected: '不予、不通过', completed: '办结', declined: '不予受理', withdrawn: '撤回', forwarded: '转报', void: '作废' }
export const modeText: Record<string, string> = { all: '会签：都同意才算', any: '或签：一人同意就算', order: '依次会签', share: '按比例' }
export const kindText: Record<string, string> = { working: '工作日', calendar: '自然日', 'running-hours': '连续小时', 'business-hours': '上班小时' }
export const basisText: Record<string, string> = { legal: '法定', promised: '承诺' }
export const nameText: Record<string, string> = { unit: '一个单位', staff: '一位同事', any: '单位或同事', signers: '会签人' }

const plain: Record<string, string> = {
  assignee: '正在办的人', unit: '所在单位的人（没人办时）', lead: '所在单位负责人', opener: '登记人', outside: '当事人（群众）', sender: '送来的人', branch: '协办单位', signer: '会签人', watcher: '抄送的人',
}

/** Who a selector means, as people say it. */
export function whoText(d: Definition, selector: string): string {
  const [word = '', name = ''] = selector.split(':')
  if (word === 'role') return d.roles?.find((r) => r.name === name)?.title ?? `角色 ${name}`
  if (word === 'holder') return `办“${d.states.find((s) => s.name === name)?.title ?? name}”的人`
  return plain[word] ?? selector
}

/** Every selector that a definition can use, for menus. */
export function selectors(d: Definition): { value: string; label: string }[] {
  const open = d.states.filter((s) => !s.end)
  return [...(d.roles ?? []).map((r) => `role:${r.name}`), ...Object.keys(plain), ...open.map((s) => `holder:${s.name}`)].map((value) => ({ value, label: whoText(d, value) }))
}

/** When a clock changes, as people say it. */
export function triggerText(d: Definition, trigger: string): string {
  const [word = '', name = ''] = trigger.split(':')
  const state = d.states.find((s) => s.name === name)?.title ?? name
  if (word === 'open') return '登记时'
  if (word === 'enter') return `到“${state}”时`
  if (word === 'leave') return `离开“${state}”时`
  return `做“${d.actions.find((a) => a.name === name)?.title ?? name}”时`
}
export function triggers(d: Definition): { value: string; label: string }[] {
  return ['open', ...d.states.flatMap((s) => [`enter:${s.name}`, `leave:${s.name}`]), ...d.actions.map((a) => `do:${a.name}`)].map((value) => ({ value, label: triggerText(d, value) }))
}

/** A message of the server with the names of states and actions said as people call them. */
export function plainText(d: Definition, message: string): string {
  return message.replace(/“([a-z][a-z0-9_]*)”/g, (whole, name: string) => {
    const title = [...d.states, ...d.actions, ...(d.clocks ?? [])].find((x) => x.name === name)?.title
    return title ? `“${title}”` : whole
  })
}

export function ruleText(r: { kind: string; amount: number; unit?: string }): string {
  if (r.unit === 'month') return `${r.amount} 个月`
  return `${r.amount} ${({ working: '个工作日', calendar: '天', 'running-hours': '小时', 'business-hours': '个上班小时' } as Record<string, string>)[r.kind] ?? ''}`
}

const nounText: Record<string, string> = { flow: '流程', role: '角色', state: '步骤', action: '操作', clock: '时限', notice: '通知' }
const memberText: Record<string, string> = {
  title: '名称', text: '说明', form: '表单', kind: '种类', separate: '审核分离', acts: '办理人', review: '审核', end: '结束', outcome: '结果', sees: '可看的栏目', edits: '可改的栏目', fills: '必填的栏目', signing: '会签',
  effects: '后果', does: '做什么', from: '在哪些步骤', to: '去向', ways: '条件去向', by: '谁能做', verdict: '审批结论', names: '要点名', reason: '要写理由', evidence: '要附依据', fields: '必填栏目', guards: '条件', notices: '通知',
  permission: '权限', at: '哪个单位', basis: '依据类别', source: '依据', rule: '期限', per: '算在谁头上', starts: '开始', stops: '结束', resets: '重新计时', pauses: '暂停', again: '再次计时', lights: '黄灯', extends: '延期', due: '到期时',
  bare: '可不填就走', steps: '可退到', direct: '直接送回', despite: '不等协办', along: '与协办并行', after: '期满才能做', within_days: '期限天数', times: '次数', clock: '时限', flow: '子流程', reasons: '可选理由',
}

/** A change of a publication as a sentence. */
export function changeText(c: Change): string {
  const what = (c.what ?? []).map((m) => memberText[m] ?? m).join('、')
  const thing = c.noun === 'flow' ? '流程本身' : `${nounText[c.noun] ?? c.noun}“${c.title}”`
  if (c.op === 'added') return `新增${thing}`
  if (c.op === 'removed') return `去掉${thing}`
  return `${thing}改了${what}`
}

/** What a way of signing means for those who sign. */
export const modeHint: Record<string, string> = {
  all: '几个人同时收到，都同意才通过；有一个不同意就算不通过。', any: '几个人同时收到，一个同意就通过；都不同意才算不通过。', order: '按点名的先后一个接一个签，前面的签了才轮到下一位。', share: '同意的人数够了就通过，够不着了就算不通过。',
}

/** What the less usual verbs mean, for a clerk who meets them for the first time. */
export const verbHint: Record<string, string> = {
  assign: '交给一个单位或一位同事，可以同时换到下一步。', join: '几个单位同时办；都反馈了，主办才能往下走。', claim: '几个人都能办时，谁先认领谁办。', release: '认领了办不了，放回去让别人认领。',
  transfer: '正在办的人转给别人，以后由那个人办。', reassign: '负责人把别人手里的事改派给另一位。', delegate: '请别人替着办，名义还在自己；办完交回，也能随时收回。', return: '退给前面办过的人，说清要改什么。',
  mended: '改好直接送回退回的人，不再一步一步走。', withdraw: '下一步的人还没动手时，送来的人能收回。', ask: '法律只许要求一次：要补什么一次说全。当事人补的时候停表。', suspend: '停表。到了写的日子自动恢复，也可以由人恢复。',
  extend: '只是申请；另一个人同意了才延。', urge: '提醒正在办的人，不改变什么。', copy: '让不办这件事的同事也跟着看。', note: '说一句话，什么也不改变。', child: '另开一件事，等它办完再往下走。', cancel: '整件事作废，要写理由。', reopen: '办结以后一定天数内再办。',
  add_signer: '在自己前面或后面再请人签。', remove_signer: '减去还没有签的人。',
}
