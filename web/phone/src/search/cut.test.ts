import { describe, expect, it } from 'vitest'
import { cut } from './cut'

const shown = (text: string, ...words: string[]) =>
  cut(text, words)
    .map((p) => (p.hit ? `[${p.text}]` : p.text))
    .join('')

describe('where the words stand', () => {
  it.each([
    ['社保卡丢了怎么办', ['社保'], '[社保]卡丢了怎么办'],
    ['社保卡丢了怎么办', ['社保', '丢了'], '[社保]卡[丢了]怎么办'],
    ['Social CARD', ['card'], 'Social [CARD]'],
    ['一二三四五六七八九十一二三四五社保卡', ['社保卡'], '…四五六七八九十一二三四五[社保卡]'],
    ['没有', ['社保'], '没有'],
    ['一行\n\n两行', ['两'], '一行 [两]行'],
    ['哈哈哈', ['哈'], '[哈哈哈]'],
  ])('%s', (text, words, want) => expect(shown(text, ...words)).toBe(want))
})
