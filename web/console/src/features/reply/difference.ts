import { exactText } from '@/ui/time'
import type { Answer, Draft } from './api'
import { answerText, causeText } from './rule'

export type Wording = Omit<Draft, 'account_id'>

export interface Difference {
  label: string
  old: string
  now: string
}

function said(a: Answer): string {
  switch (a.type) {
    case 'text':
      return a.content
    case 'news':
      return a.articles.map((x) => `［图文］${x.title}\n${x.url}`).join('\n')
    case 'video':
    case 'music':
      return `［${answerText[a.type]}］${a.title}`
    default:
      return `［${answerText[a.type]}］${a.media_id}`
  }
}

function span(w: Wording): string {
  if (!w.valid_from_at && !w.valid_until_at) return '一直有效'
  return `${w.valid_from_at ? exactText(w.valid_from_at) : '从现在起'} 到 ${w.valid_until_at ? exactText(w.valid_until_at) : '一直'}`
}

const parts: [string, (w: Wording) => string][] = [
  ['规则名', (w) => w.name],
  ['什么时候答', (w) => causeText({ ...w, words: w.words ?? [] })],
  ['词', (w) => (w.words ?? []).join('、')],
  ['回什么', (w) => w.answers.map(said).join('\n——\n')],
  ['优先级', (w) => String(w.priority ?? 0)],
  ['有效期', span],
  ['启用', (w) => (w.enabled ? '启用' : '停用')],
]

/** What of a rule changes; without an old wording, everything that it says. */
export function differences(old: Wording | null, now: Wording): Difference[] {
  return parts
    .map(([label, of]) => ({ label, old: old ? of(old) : '', now: of(now) }))
    .filter((d) => (old ? d.old !== d.now : d.now !== '' && d.label !== '词'))
}
