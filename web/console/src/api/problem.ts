/** One fault of what was sent in: which field, and what to tell about it. */
export interface Fault {
  field: string
  key: string
  text: string
}

/** A refusal as RFC 9457 carries it. Status 0 means that no answer came at all. */
export class Problem extends Error {
  readonly status: number
  readonly key: string
  readonly detail: string
  readonly requestId: string
  readonly faults: Fault[]

  constructor(status: number, body: Partial<{ key: string; title: string; detail: string; request_id: string; errors: Fault[] }> = {}) {
    super(body.detail || body.title || body.key || String(status))
    this.status = status
    this.key = body.key ?? ''
    this.detail = body.detail ?? ''
    this.requestId = body.request_id ?? ''
    this.faults = body.errors ?? []
  }
}

const byStatus: Record<number, string> = {
  0: '网络没有连上。写好的内容还在，连上后再试一次。',
  403: '您没有做这件事的权限，需要的话请找管理员授权。',
  404: '这一条已经不在了，可能刚被别人删除。',
  409: '别人刚改过这一条，请先看最新的内容再改。',
  413: '内容太大，请减小后再试。',
  422: '有几处没有填对，请看标红的地方。',
  429: '操作太快了，请等一会儿再试。',
  503: '服务器正忙，请过几秒再试。写好的内容还在。',
}

/** What to tell a person about anything that was thrown: the server's own words first. */
export function told(e: unknown): string {
  if (!(e instanceof Problem)) return '页面出了差错，请刷新后再试。' + (e instanceof Error ? `（${e.message}）` : '')
  if (e.detail) return e.detail
  const text = byStatus[e.status]
  if (text) return text
  const number = e.requestId ? `，并报编号 ${e.requestId}` : ''
  return `没有办成，请再试一次；还不行请告诉技术人员${number}。`
}

/** The words for one field, '' when it is right. A fault of a list names its row: "words.2". */
export function faultOf(e: unknown, field: string): string {
  if (!(e instanceof Problem)) return ''
  const hit = e.faults.find((f) => f.field === field || f.field.startsWith(field + '.') || f.field.startsWith(field + '['))
  return hit ? hit.text || hit.key : ''
}
