import type { Account } from '../../src/features/account/api.ts'
import type { Follower } from '../../src/features/citizen/api.ts'
import type { Author, Conversation, Detail, Line, LineState } from '../../src/features/conversation/api.ts'

const minute = 60_000
const hour = 60 * minute

type Said = [Author, string, Partial<{ kind: string; detail: Detail; state: LineState; problem: string; ago: number; by: string }>?]

const talks: Said[][] = [
  [
    ['citizen', '', { kind: 'event', detail: { event: 'subscribe' }, ago: 27 * hour }],
    ['rule', '您好，这里是青云政务。回复 100 问社保，回复 200 问户籍，或直接写下您的问题。', { state: 'sent', ago: 27 * hour }],
    ['citizen', '你好，我妈的社保卡丢了，她在外地，能不能让我代办？', { ago: 2.2 * hour }],
    ['rule', '社保卡遗失请带身份证到任一服务网点，当场补办。网点：<a href="https://wx.qingyun.gov.cn/c/zhengwu/places">点这里看地图</a>', { state: 'sent', ago: 2.2 * hour }],
    ['citizen', '我问的是代办！她身份证号 ⟦身份证1⟧，电话 ⟦电话1⟧', { ago: 2.1 * hour }],
    ['note', '已问社保中心陈静：子女代办要委托书原件和双方身份证，外地可用亲情账户线上申请。', { by: '赵强', ago: 40 * minute }],
    ['staff', '可以代办。请带上您母亲签名的委托书和两人的身份证原件，到任一网点。不方便寄委托书的话，也可以在“掌上青云”里绑定亲情账户后在线申请，三个工作日寄出。', { by: '李敏', state: 'sent', ago: 30 * minute }],
    ['citizen', '委托书有格式吗？可以发我一份吗', { ago: 13 * minute }],
  ],
  [
    ['citizen', '楼上违建已经反映三次了没人管，你们到底谁负责？？桂花街道幸福里3栋2单元顶楼，天天施工到晚上十一点，老人孩子都睡不了觉。12345也打了，说转了，转到哪里了？请给一个明确的答复，不要再踢皮球！！！', { ago: 28 * hour }],
    ['citizen', '', { kind: 'image', detail: { pic_url: 'https://mmbiz.qpic.cn/mock/1' }, ago: 28 * hour }],
    ['staff', '您反映的情况我们已经记下，正在联系桂花街道核实，今天下班前给您答复。', { by: '何平', state: 'refused', problem: '超过微信允许的条数（45047）', ago: 27 * hour }],
    ['citizen', '', { kind: 'location', text: '', detail: { latitude: 25.04321, longitude: 102.71234, title: '城东区桂花路 88 号幸福里小区' }, ago: 26 * hour } as never],
  ],
  [
    ['citizen', '退休金这个月怎么少了', { ago: 5 * hour }],
    ['citizen', '', { kind: 'voice', detail: { recognition: false }, ago: 5 * hour }],
  ],
  [
    ['citizen', '医保断缴三个月还能补吗', { ago: 3 * hour }],
    ['staff', '可以补缴。补缴后次月恢复待遇，断缴期间不能报销。', { by: '李敏', state: 'uncertain', ago: 2 * hour }],
  ],
  [
    ['citizen', '请问周六大厅开门吗', { ago: 50 * minute }],
    ['citizen', '办身份证要预约不', { kind: 'voice', detail: { recognition: true }, ago: 49 * minute }],
  ],
  [['citizen', '公积金贷款利率下调了吗？看到新闻了', { ago: 22 * minute }]],
  [['citizen', '孩子落户材料清单发一下谢谢', { ago: 4 * minute }]],
  [
    ['citizen', '驾驶证到期换证要体检吗', { ago: 30 * hour }],
    ['staff', '要的。带身份证、驾驶证和体检证明到车管所，或在交管 12123 上办。', { by: '张伟', state: 'sent', ago: 29 * hour }],
    ['citizen', '谢谢', { ago: 29 * hour }],
  ],
]

export function makeTalks(accounts: Account[], followers: Follower[]) {
  const now = Date.now()
  let id = 1
  const lines = new Map<number, Line[]>()
  const windows = new Map<number, { left: number; until_at: number; reason: string }>()
  const conversations = Array.from({ length: 26 }, (_, i): Conversation => {
    const f = followers[i]!
    const said = talks[i] ?? [['citizen', `第 ${i} 位群众想问：灵活就业人员养老保险怎么交？`, { ago: (i + 2) * hour }] as Said]
    const all = said.map(([from, text, more]): Line => ({
      id: id++, from, by: more?.by ? { id: 9, name: more.by } : null, kind: more?.kind ?? 'text', text, detail: more?.detail ?? {},
      at: now - (more?.ago ?? 0), state: more?.state ?? '', problem: more?.problem ?? '',
    }))
    if (i === 0) all.unshift(...older(now, () => id++ - 100_000))
    lines.set(100 + i, all.sort((a, b) => a.at - b.at).map((l, n) => ({ ...l, id: (100 + i) * 1000 + n })))
    const last = all[all.length - 1]!
    const heard = [...all].reverse().find((l) => l.from === 'citizen')!
    const closed = i === 7 || i > 22
    windows.set(100 + i, i === 1 ? { left: 0, until_at: heard.at + 48 * hour, reason: '微信给的 5 条已经用完' } : { left: [4, 0, 5, 1, 5][i] ?? 5, until_at: heard.at + 48 * hour, reason: '' })
    return {
      id: 100 + i, account_id: f.account_id, account_name: accounts.find((a) => a.id === f.account_id)!.name, follower: { id: f.id, name: f.name },
      last: { text: last.text, at: last.at, kind: last.kind, from: last.from }, waiting_since_at: closed || last.from !== 'citizen' ? 0 : last.at,
      claimed_by: i === 0 ? { id: 1, name: '李敏' } : i === 4 ? { id: 2, name: '赵强' } : null, starred: i === 1, state: closed ? 'closed' : 'open', version: 1,
    }
  })
  return { conversations, lines, windows }
}

function older(now: number, next: () => number): Line[] {
  return Array.from({ length: 70 }, (_, i): Line => ({
    id: next(), from: i % 2 ? 'rule' : 'citizen', by: null, kind: 'text', text: i % 2 ? '您可以回复编号查看：1 参保登记 2 缴费基数 3 待遇领取' : `以前问过的第 ${i / 2 + 1} 件事`,
    detail: {}, at: now - 30 * 24 * hour + i * 6 * hour, state: i % 2 ? 'sent' : '', problem: '',
  }))
}
