import type { Change, Class, Field, Kind, Op } from './api'

export const kindText: Record<Kind, string> = {
  text: '文字', number: '数字', money: '金额', date: '日期', choice: '选择', place: '地区', identity: '身份证号', credit: '统一社会信用代码',
  phone: '电话', plate: '车牌号', file: '上传材料', signature: '手写签名', group: '重复填写的组', heading: '小标题', note: '说明文字',
}
export const kinds = Object.keys(kindText) as Kind[]

export const classText: Record<Class, string> = { public: '公开', internal: '内部', personal: '个人', sensitive: '敏感' }
export const classHint: Record<Class, string> = {
  public: '可以公开的内容，不加密', internal: '工作人员能看，不加密', personal: '姓名、电话、住址等：加密保存，打码显示', sensitive: '证件照、健康、财产等：加密保存，打码显示',
}

export const ruleText: Record<string, string> = { name: '姓名', address: '详细地址', postal: '邮政编码', email: '邮箱', digits: '只有数字', code: '数字、字母和短横' }

export const trustText: Record<string, string> = {
  A: 'A 发证机关直接提供', B: 'B 窗口核验过，以后不用再交', C: 'C 先传照片，办理时看原件', D: 'D 本人自制，保证真实',
}

export const levelText: Record<number, string> = { 1: '省', 2: '市', 3: '区县', 4: '街道、乡镇', 5: '社区、村' }

export const opText: Record<Op, string> = { is: '是', is_not: '不是', filled: '填了', empty: '没有填', at_least: '不小于', at_most: '不大于' }
export const dateOpText: Partial<Record<Op, string>> = { at_least: '不早于', at_most: '不晚于' }

/** What a condition may ask of a field: as kernel/form's Field.Ops. */
export function opsOf(f: Field): Op[] {
  if (f.kind === 'number' || f.kind === 'money' || (f.kind === 'date' && !f.period)) return ['is', 'is_not', 'filled', 'empty', 'at_least', 'at_most']
  if (f.kind === 'text' || f.kind === 'choice' || f.kind === 'place') return ['is', 'is_not', 'filled', 'empty']
  return ['filled', 'empty']
}

const memberText: Record<string, string> = {
  title: '名称', lead: '一句话说明', submit: '按钮', promise: '承诺', label: '问法', help: '说明', example: '例子', class: '保密级别', required: '必填', prefill: '自动填写',
  obtainable_by_share: '由部门共享', show: '显示条件', need: '必填条件', min: '最少', max: '最多', rule: '格式', lines: '行数', unit: '单位', decimals: '小数位', period: '起止',
  not_before: '最早', not_after: '最晚', multiple: '多选', options: '选项', other: '其他', root: '范围', depth: '到哪一级', mobile: '只收手机', purpose: '用途', trust: '可信级别',
  accept: '文件类型', size: '文件大小', kind: '类型',
}

/** A change of a publication as a sentence. */
export function changeText(c: Change): string {
  const what = (c.what ?? []).map((m) => memberText[m] ?? m).join('、')
  switch (c.op) {
    case 'added':
      return `新增“${c.label}”`
    case 'removed':
      return `去掉“${c.label}”`
    case 'moved':
      return `“${c.label}”换了位置`
    case 'form':
      return `表单的${what}`
    default:
      return c.was ? `“${c.was}”改为“${c.label}”${what && what !== '问法' ? `（${what}）` : ''}` : `“${c.label}”的${what}`
  }
}
