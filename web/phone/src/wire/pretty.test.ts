import { describe, expect, it } from 'vitest'
import { colour, prettyBody, prettyXML } from './pretty'

describe('prettyXML', () => {
  const rows: [string, string, string | null][] = [
    ['message', '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><CreateTime>1</CreateTime></xml>', '<xml>\n  <ToUserName><![CDATA[gh_1]]></ToUserName>\n  <CreateTime>1</CreateTime>\n</xml>'],
    ['nested', '<xml><A><item><B>1</B></item></A></xml>', '<xml>\n  <A>\n    <item>\n      <B>1</B>\n    </item>\n  </A>\n</xml>'],
    ['empty elements', '<xml><A></A><B/></xml>', '<xml>\n  <A></A>\n  <B/>\n</xml>'],
    ['angle brackets and breaks inside CDATA stay', '<xml><C><![CDATA[<a href="x">\n</a>]]></C></xml>', '<xml>\n  <C><![CDATA[<a href="x">\n</a>]]></C>\n</xml>'],
    ['already indented', '<xml>\n <A>1</A>\n</xml>', '<xml>\n  <A>1</A>\n</xml>'],
    ['same name inside itself', '<item><item>1</item></item>', '<item>\n  <item>1</item>\n</item>'],
    ['declaration and attribute', '<?xml version="1.0"?><a b="1>2"><c>1</c></a>', '<?xml version="1.0"?>\n<a b="1>2">\n  <c>1</c>\n</a>'],
    ['tags that do not balance', '<xml><A></xml>', null],
    ['cut off', '<xml><A>1', null],
  ]
  it.each(rows)('%s', (_l, xml, want) => {
    expect(prettyXML(xml)).toBe(want)
  })
})

describe('prettyBody', () => {
  it.each([
    ['', 'empty', ''],
    ['success', 'text', 'success'],
    ['{"a":{"b":[1]}}', 'json', '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'],
    ['{broken', 'text', '{broken'],
    ['<xml><A></xml>', 'text', '<xml><A></xml>'],
    ['<!DOCTYPE html><p>x', 'text', '<!DOCTYPE html><p>x'],
    ['<a>1</a>', 'xml', '<a>1</a>'],
  ])('%s → %s', (body, form, text) => {
    expect(prettyBody(body)).toEqual({ form, text })
  })
  it('takes nothing for nothing', () => {
    expect(prettyBody(null).form).toBe('empty')
  })
})

describe('colour', () => {
  it.each([
    ['xml', '<xml>\n  <A><![CDATA[你好 <b>]]></A>\n</xml>'],
    ['json', '{\n  "a": "b: \\"c\\"",\n  "d": 1\n}'],
    ['text', 'success'],
  ] as const)('%s keeps every character', (form, text) => {
    expect(colour(form, text).map((p) => p.text).join('')).toBe(text)
  })
  it('tells keys from values', () => {
    expect(colour('json', '{"a": "b"}').filter((p) => p.kind === 'key').map((p) => p.text)).toEqual(['"a"'])
  })
})
