import type { Button } from '../../src/features/menu/api.ts'
import type { Rule } from '../../src/features/reply/api.ts'
import type { MenuState } from '../world.ts'

const day = 24 * 3600_000

export function makeRules(): Rule[] {
  const base = { account_id: 1, match: '' as const, words: [], priority: 0, enabled: true, valid_from_at: 0, valid_until_at: 0, version: 1, speaking: true, last_hit_at: 0, updated_at: 0 , published_at: 1, proposal: null}
  const rules: Rule[] = [
    { ...base, id: 1, name: '关注欢迎语', trigger: 'subscribe', answers: [{ type: 'text', content: '您好，这里是青云政务。回复 100 问社保，回复 200 问户籍，或直接写下您的问题，我们工作时间 2 小时内答复。' }, { type: 'news', articles: [{ title: '一分钟学会用青云政务办事', description: '查、办、问、投诉，都在这里', pic_url: '', url: 'https://wx.qingyun.gov.cn/c/zhengwu/guide' }] }], hits: 18_442 },
    { ...base, id: 2, name: '都没答上时', trigger: 'default', answers: [{ type: 'text', content: '您的问题我们收到了，工作时间会有人回复您。急事请拨 12345。' }], hits: 9_310 },
    { ...base, id: 3, name: '社保卡补办', trigger: 'keyword', match: 'contains', words: ['社保卡', '社会保障卡', '卡丢了', '补卡', '挂失'], priority: 10, answers: [{ type: 'text', content: '社保卡遗失请带身份证到任一服务网点，当场补办。网点：<a href="https://wx.qingyun.gov.cn/c/zhengwu/places">点这里看地图</a>' }], hits: 6_021 },
    { ...base, id: 4, name: '编号导航 100', trigger: 'keyword', match: 'code', words: ['100'], priority: 50, answers: [{ type: 'text', content: '养老保险请回复：\n1001 参保登记\n1002 缴费基数\n1003 退休待遇' }], hits: 3_220 },
    { ...base, id: 5, name: '春风行动招聘会（2026年）', trigger: 'keyword', match: 'contains', words: ['招聘会'], valid_until_at: Date.now() - 30 * day, answers: [{ type: 'text', content: '2026 年春风行动招聘会在市体育馆，每周六。' }], hits: 811 },
    { ...base, id: 6, name: '收到图片', trigger: 'image', enabled: false, answers: [{ type: 'text', content: '图片收到，请再用一句话说说是什么事、在哪里。' }], hits: 77 },
    { ...base, id: 7, name: '菜单：办事大厅地址', trigger: 'click', words: ['hall_address'], answers: [{ type: 'text', content: '市政务服务中心：青云市人民路 1 号，周一至周六 9:00–17:00。' }], hits: 2_045 },
    { ...base, id: 8, account_id: 3, name: '工资拖欠怎么投诉维权（农民工、试用期、离职未结清等各种情形都走这一条）', trigger: 'keyword', match: 'contains', words: ['拖欠工资', '欠薪', '不发工资', '讨薪'], answers: [{ type: 'text', content: '拖欠工资可向劳动保障监察投诉：带上劳动合同或工作记录，到监察支队（解放路 22 号），或拨 12333。' }], hits: 1_930 },
  ]
  for (let i = 0; i < 60; i++) rules.push({ ...base, id: 20 + i, name: `事项问答 ${i + 1}`, trigger: 'keyword', match: 'exact', words: [`事项${i + 1}`], answers: [{ type: 'text', content: `事项 ${i + 1} 的办理条件、材料和时限。` }], hits: 60 - i })
  return rules
}

const buttons: Button[] = [
  { name: '办事', sub: [{ name: '事项指南', type: 'view', url: '/c/zhengwu/items' }, { name: '大厅预约', type: 'view', url: 'https://wx.qingyun.gov.cn/c/zhengwu/booking' }, { name: '大厅地址', type: 'click', key: 'hall_address' }, { name: '办件进度', type: 'view', url: '/c/zhengwu/progress' }] },
  { name: '查询', sub: [{ name: '医保账户', type: 'view', url: '/c/zhengwu/lookup/medical' }, { name: '公积金', type: 'miniprogram', appid: 'wx0000000000000001', pagepath: 'pages/index', url: 'https://gjj.qingyun.gov.cn' }] },
  { name: '找人', type: 'click', key: 'talk_to_person' },
]

export function makeMenus(): Map<number, MenuState> {
  const at = Date.now() - 3 * day
  const old: Button[] = [buttons[0]!, { name: '联系我们', type: 'click', key: 'contact' }]
  return new Map<number, MenuState>([
    [1, { buttons, version: 3, published_at: at, published_version: 3, history: [{ version: 3, buttons, state: 'live', problem: '', created_by: '李敏', created_at: at }, { version: 2, buttons: old, state: 'past', problem: '', created_by: '陈静', created_at: at - 60 * day }] }],
  ])
}
