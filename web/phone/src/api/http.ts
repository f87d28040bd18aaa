// One way to call the sandbox: JSON in, JSON out, a Chinese sentence when it does not work.

/** What a person is told; `code` is the sandbox's word, 'away' when there was no answer at all. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 0,
  ) {
    super(message)
  }
}

const base = '/sandbox/api'
const patience = 20_000

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const upload = body instanceof FormData
  let answer: Response
  try {
    answer = await fetch(base + path, {
      method,
      headers: upload || body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: upload ? body : body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    })
  } catch {
    throw new Failure('away', '沙箱没有回应。请确认它还在运行，然后再试一次。')
  }
  const text = await answer.text()
  if (!answer.ok) throw failureOf(answer.status, text)
  try {
    return (text ? JSON.parse(text) : {}) as T
  } catch {
    throw new Failure('shape', '沙箱的回答读不懂，可能版本不一致。', answer.status)
  }
}

export function failureOf(status: number, text: string): Failure {
  try {
    const e = (JSON.parse(text) as { error?: { code?: string; message?: string } }).error
    if (e?.message) return new Failure(e.code ?? 'error', e.message, status)
  } catch {
    // not the sandbox's own error: told by status below
  }
  if (status === 404) return new Failure('missing', '沙箱没有这一项（404）。', status)
  return new Failure('error', `沙箱没有办成这件事（${status}）。`, status)
}

export function query(values: Record<string, string | number | undefined>): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(values)) if (v !== undefined && v !== '') q.set(k, String(v))
  const s = q.toString()
  return s ? '?' + s : ''
}

export const words = (e: unknown) => (e instanceof Error ? e.message : String(e))
