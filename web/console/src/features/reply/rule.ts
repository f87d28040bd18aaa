import { bytes } from '@/ui/bytes'
import type { Answer, Draft, Match, Rule, Trigger, Version } from './api'

export const triggerText: Record<Trigger, string> = {
  subscribe: '有人关注',
  default: '都没答上时',
  keyword: '说到关键词',
  image: '发来图片',
  voice: '发来听不清的语音',
  video: '发来视频',
  location: '发来位置',
  link: '发来链接',
  scan: '扫了二维码',
  click: '点了菜单',
}
export const triggers = Object.keys(triggerText) as Trigger[]

export const matchText: Record<Match, string> = { exact: '说的正好是', contains: '话里含有', code: '回复编号' }

/** Whether words of this trigger are needed, may be given, or have no meaning; and what they are. */
export function wordsOf(t: Trigger): { must: boolean; label: string; hint: string } | null {
  switch (t) {
    case 'keyword':
      return { must: true, label: '关键词', hint: '一个词按一次回车；可以一次粘贴多个，用空格、逗号或换行隔开。' }
    case 'click':
      return { must: true, label: '菜单键', hint: '菜单里这个按钮的键值，要一字不差。' }
    case 'scan':
    case 'subscribe':
      return { must: false, label: '二维码场景', hint: '只对带这些场景的二维码；不填就对所有人。' }
    default:
      return null
  }
}

/** WeChat's limits on a reply: text in bytes of UTF-8, articles, and what an answer may hold. */
export const limits = { text: 2048, words: 100, word: 60, answers: 4, name: 60, articles: 8, articlesToMessage: 1 }

export const answerText: Record<Answer['type'], string> = { text: '文字', image: '图片', voice: '语音', video: '视频', music: '音乐', news: '图文' }

export function emptyAnswer(type: Answer['type']): Answer {
  switch (type) {
    case 'text':
      return { type, content: '' }
    case 'image':
    case 'voice':
      return { type, media_id: '' }
    case 'video':
      return { type, media_id: '', title: '', description: '' }
    case 'music':
      return { type, title: '', description: '', url: '', hq_url: '', thumb_media_id: '' }
    case 'news':
      return { type, articles: [{ title: '', description: '', pic_url: '', url: '' }] }
  }
}

export function emptyRule(account: number): Draft {
  return {
    account_id: account, name: '', trigger: 'keyword', match: 'contains', words: [], answers: [emptyAnswer('text')],
    priority: 0, enabled: true, valid_from_at: 0, valid_until_at: 0,
  }
}

/** How many articles a 图文 may hold: WeChat shows one when it answers a message, eight after an event. */
export function articleLimit(t: Trigger): number {
  return t === 'subscribe' || t === 'scan' || t === 'click' ? limits.articles : limits.articlesToMessage
}

/** What WeChat would refuse in one answer, '' when nothing. */
export function answerFault(a: Answer, trigger: Trigger): string {
  switch (a.type) {
    case 'text':
      if (!a.content.trim()) return '请写上要回的话'
      return bytes(a.content) > limits.text ? `太长：${bytes(a.content)} 字节，最多 ${limits.text}（约 680 个汉字）` : ''
    case 'image':
    case 'voice':
    case 'video':
      return a.media_id.trim() ? '' : '请填素材编号'
    case 'music':
      return a.thumb_media_id.trim() ? '' : '请填封面的素材编号'
    case 'news':
      if (a.articles.length > articleLimit(trigger)) return `这种情况微信只显示 ${articleLimit(trigger)} 篇`
      return a.articles.some((x) => !x.title.trim() || !/^https?:\/\//.test(x.url)) ? '每篇都要有标题和 http 开头的链接' : ''
  }
}

/** Splits what was pasted into words: blanks, commas, lines. */
export function splitWords(typed: string): string[] {
  return [...new Set(typed.split(/[\s,，、;；]+/).filter(Boolean))]
}

/** What sets a rule off, as a sentence: 话里含有 “社保”“养老”等 5 个词. */
export function causeText(r: Pick<Rule, 'trigger' | 'match' | 'words'>): string {
  if (!r.words.length) return triggerText[r.trigger]
  const shown = r.words.slice(0, 3).map((w) => `“${w}”`).join('')
  const rest = r.words.length > 3 ? `等 ${r.words.length} 个` : ''
  const head = r.trigger === 'keyword' && r.match ? matchText[r.match] : triggerText[r.trigger]
  return `${head} ${shown}${rest}`
}

/** The first words of an answer, for lists. */
export function gist(answers: Answer[]): string {
  const a = answers[0]
  if (!a) return ''
  const first = a.type === 'text' ? a.content.replace(/\s+/g, ' ') : a.type === 'news' ? `［图文］${a.articles[0]?.title ?? ''}` : `［${answerText[a.type]}］`
  return answers.length > 1 ? `${first}（共 ${answers.length} 条）` : first
}

/** Whether a rule speaks now, and if not why not. */
export function ruleMark(r: Pick<Rule, 'enabled' | 'valid_from_at' | 'valid_until_at'>, now: number): { kind: 'good' | 'idle' | 'warn'; word: string } {
  if (!r.enabled) return { kind: 'idle', word: '停用' }
  if (r.valid_until_at && r.valid_until_at <= now) return { kind: 'warn', word: '已过期' }
  if (r.valid_from_at && r.valid_from_at > now) return { kind: 'idle', word: '未到时间' }
  return { kind: 'good', word: '在用' }
}

/** Where the wording that is not live has come; null when there is none that anybody waits for. */
export function proposalMark(v: Pick<Version, 'state' | 'reason'> | null): { kind: 'busy' | 'warn' | 'bad'; word: string } | null {
  switch (v?.state) {
    case 'waiting':
      return { kind: 'busy', word: '待复审' }
    case 'returned':
      return { kind: 'warn', word: `退回：${v.reason}` }
    case 'refused':
      return { kind: 'bad', word: `未通过：${v.reason}` }
  }
  return null
}

/** What became of a wording. */
export const versionText: Record<Version['state'], string> = { waiting: '待复审', returned: '退回', live: '上线', refused: '未通过', withdrawn: '撤回' }
