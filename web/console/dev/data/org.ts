import type { Account } from '../../src/features/account/api.ts'
import type { Staff, Unit } from '../../src/features/org/api.ts'

const day = 24 * 3600_000

export function makeUnits(): Unit[] {
  const rows: [number, number, string, string][] = [
    [1, 0, '青云市人民政府', '市政府'],
    [2, 1, '青云市人民政府办公室', '市府办'],
    [3, 1, '青云市人力资源和社会保障局', '市人社局'],
    [4, 3, '青云市社会保险事业管理中心', '市社保中心'],
    [5, 3, '青云市劳动保障监察支队', '监察支队'],
    [6, 1, '青云市公安局交通警察支队', '市交警支队'],
    [7, 1, '青云市住房和城乡建设局（青云市人民政府房屋征收与补偿管理办公室）', '市住建局'],
    [8, 1, '青云市卫生健康委员会', '市卫健委'],
    [9, 1, '城东区人民政府', '城东区'],
    [10, 9, '城东区桂花街道办事处', '桂花街道'],
    [11, 10, '桂花街道幸福里社区居民委员会', '幸福里社区'],
    [12, 9, '城东区政务服务管理局', '城东政务局'],
  ]
  const path = (id: number): string => {
    const row = rows.find((r) => r[0] === id)
    return row && row[1] ? path(row[1]) + id + '/' : `/${id}/`
  }
  return rows.map(([id, parent_id, name, short]) => ({ id, parent_id, name, short, level: '', closed: false, staff_count: 2, path: path(id), version: 1 }))
}

export function makeStaff(units: Unit[]): Staff[] {
  const people: [string, string, number, string, Staff['state']][] = [
    ['limin', '李敏', 2, '信息科副科长', 'active'], ['zhaoqiang', '赵强', 2, '科员', 'active'], ['wangfang', '王芳', 3, '信息员', 'active'],
    ['chenjing', '陈静', 4, '窗口组长', 'active'], ['liuyang', '刘洋', 4, '窗口人员', 'active'], ['zhangwei', '张伟', 6, '宣传科民警', 'active'],
    ['sunli', '孙丽', 7, '办公室', 'invited'], ['zhoujie', '周杰', 8, '应急办', 'active'], ['wuting', '吴婷', 10, '社区干事', 'disabled'],
    ['abdur', '阿卜杜热合曼·买买提艾力', 11, '网格员', 'active'], ['heping', '何平', 12, '大厅值班长', 'active'], ['waibao1', '林晓（云帆科技外包）', 2, '运维', 'active'],
  ]
  const now = Date.now()
  return people.map(([login, name, unit_id, post, state], i) => ({
    id: i + 1, login, name, unit_id, unit_name: units.find((u) => u.id === unit_id)?.name ?? '', post, phone: i % 3 ? '138****5678' : '', outsourced: i === 11, until_at: i === 11 ? now + 40 * day : 0, state, totp: i % 2 === 0,
    seen_at: state === 'invited' ? 0 : now - i * 7 * 3600_000, version: 1,
    grants: i === 0
      ? [{ role: 'agent', unit_id: 1, account_id: 0, until_at: 0 }, { role: 'editor', unit_id: 2, account_id: 1, until_at: now + 90 * day }]
      : i === 11 ? [{ role: 'outsourcer', unit_id: 2, account_id: 0, until_at: now + 40 * day }] : i === 6 ? [] : [{ role: 'agent', unit_id, account_id: 0, until_at: 0 }],
  }))
}

export function makeAccounts(): Account[] {
  const base = { enabled: true, has_secret: true, has_token: true, has_key: true, farewell: '', persona: { name: '小青' }, oauth_domain: true, identity: false, can_authorise: false, status_reason: '', version: 1 }
  return [
    { ...base, id: 1, slug: 'zhengwu', name: '青云政务', kind: 'service', verified: true, original_id: 'gh_8f2c11a0e4d1', appid: 'wx2f1c9a7be4d08361', mode: 'safe', unit_id: 2, unit_name: '青云市人民政府办公室', intro: '查事项、办业务、问政策，找政府就到这里。', principal: '青云市人民政府办公室', contact: '12345', callback_url: 'https://wx.qingyun.gov.cn/wx/zhengwu', followers: 486_213 },
    { ...base, id: 2, slug: 'fabu', name: '青云发布', kind: 'service', verified: true, original_id: 'gh_19bb23c7a002', appid: 'wx91d0aa7be4d08362', mode: 'plain', has_key: false, unit_id: 2, unit_name: '青云市人民政府办公室', intro: '青云市政府信息发布。', principal: '青云市人民政府新闻办公室', contact: '0871-6000001', callback_url: 'https://wx.qingyun.gov.cn/wx/fabu', followers: 1_204_877 },
    { ...base, id: 3, slug: 'renshe', name: '青云人社', kind: 'subscription', verified: true, original_id: 'gh_77aa0193bcde', appid: 'wx37aa00f1e4d08363', mode: 'compatible', unit_id: 3, unit_name: '青云市人力资源和社会保障局', intro: '社保、就业、劳动维权。', principal: '青云市人力资源和社会保障局', contact: '12333', callback_url: 'https://wx.qingyun.gov.cn/wx/renshe', followers: 92_034 },
    { ...base, id: 4, slug: 'jiaojing', name: '青云交警', kind: 'subscription', verified: false, original_id: 'gh_5500aa81c3d2', appid: 'wx5500aa7be4d08364', mode: 'plain', has_secret: false, has_key: false, unit_id: 6, unit_name: '青云市公安局交通警察支队', intro: '路况、违法、事故快处。', principal: '青云市公安局', contact: '122', callback_url: 'https://wx.qingyun.gov.cn/wx/jiaojing', followers: 33_518 },
  ]
}
