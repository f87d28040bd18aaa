import { describe, expect, it } from 'vitest'
import type { Answer } from './api'
import { pieces } from './pieces'
import { answerFault, causeText, gist, ruleMark, splitWords } from './rule'
import { responderText, trialText } from './trial'

describe('what WeChat would refuse', () => {
  const news = (n: number): Answer => ({ type: 'news', articles: Array.from({ length: n }, () => ({ title: '题', description: '', pic_url: '', url: 'https://a.cn' })) })
  it.each<[string, Answer, 'keyword' | 'subscribe', boolean]>([
    ['682 Chinese characters', { type: 'text', content: '字'.repeat(682) }, 'keyword', true],
    ['683 Chinese characters', { type: 'text', content: '字'.repeat(683) }, 'keyword', false],
    ['blanks', { type: 'text', content: ' \n' }, 'keyword', false],
    ['one article to a message', news(1), 'keyword', true],
    ['two articles to a message', news(2), 'keyword', false],
    ['eight articles to an event', news(8), 'subscribe', true],
    ['nine articles to an event', news(9), 'subscribe', false],
    ['an article without link', { type: 'news', articles: [{ title: '题', description: '', pic_url: '', url: '' }] }, 'keyword', false],
    ['a picture without id', { type: 'image', media_id: '' }, 'keyword', false],
  ])('%s', (_, answer, trigger, good) => expect(answerFault(answer, trigger) === '').toBe(good))
})

it('splits pasted words', () => {
  expect(splitWords('社保卡，补卡、挂失\n社保卡  丢了')).toEqual(['社保卡', '补卡', '挂失', '丢了'])
  expect(splitWords('  ')).toEqual([])
})

it('says what sets a rule off', () => {
  expect(causeText({ trigger: 'keyword', match: 'contains', words: ['甲', '乙', '丙', '丁'] })).toBe('话里含有 “甲”“乙”“丙”等 4 个')
  expect(causeText({ trigger: 'subscribe', match: '', words: [] })).toBe('有人关注')
})

it('says whether a rule speaks now', () => {
  const rule = { enabled: true, valid_from_at: 0, valid_until_at: 0 }
  expect(ruleMark(rule, 100).word).toBe('在用')
  expect(ruleMark({ ...rule, enabled: false }, 100).word).toBe('停用')
  expect(ruleMark({ ...rule, valid_until_at: 100 }, 100).word).toBe('已过期')
  expect(ruleMark({ ...rule, valid_from_at: 101 }, 100).word).toBe('未到时间')
})

it('gives the gist of answers', () => {
  expect(gist([{ type: 'text', content: '一\n二' }])).toBe('一 二')
  expect(gist([{ type: 'image', media_id: 'x' }, { type: 'text', content: '' }])).toBe('［图片］（共 2 条）')
})

it('cuts links out of a text and leaves everything else as text', () => {
  expect(pieces('见<a href="https://a.cn">这里</a>，<b>不是</b>标签')).toEqual([
    { text: '见', href: '' },
    { text: '这里', href: 'https://a.cn' },
    { text: '，<b>不是</b>标签', href: '' },
  ])
})

it('tells who answered in a trial', () => {
  expect(trialText({ matched: { id: 1, name: '补卡' }, steps: [] })).toBe('由规则“补卡”回答')
  expect(trialText({ matched: null, steps: [{ responder: 'default', took: true, note: '' }] })).toBe('由“都没答上时”回答')
  expect(trialText({ matched: null, steps: [] })).toBe('没有规则答得上')
  expect(responderText('reply:12')).toBe('应答规则')
  expect(responderText('later')).toBe('later')
})
