import { expect, test } from 'vitest'
import { differences, type Wording } from './difference'

const rule: Wording = {
  name: '暖气费', trigger: 'keyword', match: 'contains', words: ['暖气'], answers: [{ type: 'text', content: '十五号前交' }],
  priority: 0, enabled: true, valid_from_at: 0, valid_until_at: 0,
}

test('only what changed is shown, old beside new', () => {
  expect(differences(rule, { ...rule, answers: [{ type: 'text', content: '二十号前交' }] })).toEqual([{ label: '回什么', old: '十五号前交', now: '二十号前交' }])
  expect(differences(rule, rule)).toEqual([])
})

test('a fourth word is seen although a sentence names three', () => {
  const many = { ...rule, words: ['一', '二', '三', '四'] }
  expect(differences(many, { ...many, words: ['一', '二', '三', '五'] }).map((d) => d.label)).toEqual(['词'])
})

test('a new rule is shown whole', () => {
  expect(differences(null, rule).map((d) => d.label)).toEqual(['规则名', '什么时候答', '回什么', '优先级', '有效期', '启用'])
})
