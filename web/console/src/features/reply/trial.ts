import type { Step } from './api'

const responders: Record<string, string> = {
  safety: '安全词', duty: '值班的人', dialog: '进行中的对话', keyword: '关键词规则', reply: '应答规则', subscribe: '关注欢迎语', search: '查询指令', assistant: '智能问答', default: '都没答上时', fallback: '兜底', conversation: '人工接待',
}

/** The responder's name as staff know it. A name may carry its rule: "reply:12". */
export function responderText(name: string): string {
  return responders[name] ?? responders[name.split(/[:.]/)[0] ?? ''] ?? name
}

/** What came of the trial, as a sentence. */
export function trialText(t: { matched: { id: number; name: string } | null; steps: Step[] }): string {
  if (t.matched) return `由规则“${t.matched.name}”回答`
  const took = t.steps.find((s) => s.took)
  if (took) return `由“${responderText(took.responder)}”回答`
  return '没有规则答得上'
}
