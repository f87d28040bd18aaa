import { describe, expect, it } from 'vitest'
import type { Definition } from './api'
import { about, member, stands, titleOf } from './chosen'
import { answers, callId, cast, cutTo, lightAt, opening } from './cast'
import { clash, compare, merge } from './compare'
import { addState, arrows, before, besides, connect, dropAction, dropNamed, dropState, freeName, place, rename, setSigning, setVerb, tidy } from './graph'
import { History } from './history'
import { arrange, box, crossed, lines, neighbour, places, spacedLabels } from './layout'
import { presets } from './presets'
import { changeText, plainText, ruleText, triggerText, whoText } from './words'

/** Asking for leave: hand in, a chief decides, or sends it back. */
const leave = (): Definition => ({
  key: 'leave', title: '请假', kind: 'leave',
  roles: [{ name: 'chief', title: '科长', permission: 'matter.act', at: 'handling' }],
  states: [
    { name: 'start', title: '登记', acts: ['opener'] },
    { name: 'check', title: '审批', acts: ['role:chief', 'holder:start'], review: true },
    { name: 'done', title: '办结', end: true, outcome: 'granted' },
  ],
  actions: [
    { name: 'send', title: '送审', from: ['start'], to: 'check', notices: ['todo'] },
    { name: 'pass', title: '同意', from: ['check'], to: 'done', verdict: 'approve' },
    { name: 'back', title: '退回', does: 'return', from: ['check'], steps: ['start'] },
    { name: 'note', title: '批注', does: 'note', from: ['*'] },
  ],
  clocks: [{ name: 'all', title: '办理时限', basis: 'promised', rule: { kind: 'working', amount: 1 }, starts: ['open', 'do:send'], stops: ['enter:done'], pauses: [{ name: 'p', on: ['enter:check'], resumes: ['leave:check'] }], due: [{ name: 'late', notices: ['todo'] }] }],
  notices: [{ name: 'todo', title: '待办', to: ['role:chief'], text: 'flow.notice.to_do' }],
  layout: { start: { x: 80, y: 160 }, check: { x: 330, y: 160 } },
})

describe('the drawing of a definition', () => {
  it('has an arrow for each way, dashed backwards, and none for what is possible everywhere', () => {
    expect(arrows(leave()).map((a) => [a.title, a.from, a.to, a.dashed])).toEqual([['送审', 'start', 'check', false], ['同意', 'check', 'done', false], ['退回', 'check', 'start', true]])
    expect(besides(leave(), 'check').map((a) => a.name)).toEqual(['note'])
    expect(besides(leave(), 'done')).toEqual([])
  })
  it('shows both ways out of signatures, and each way of a condition once', () => {
    const d = leave()
    setSigning(d, d.states[1]!, true)
    expect(arrows(d).filter((a) => ['同意', '不同意'].includes(a.title) && a.action !== 'pass').map((a) => [a.title, a.to])).toEqual([['同意', 'done'], ['不同意', 'start']])
    d.actions[0]!.ways = [{ when: { name: 'g' }, to: 'done' }, { when: { name: 'h' }, to: 'done' }]
    expect(arrows(d).filter((a) => a.action === 'send').map((a) => a.to)).toEqual(['done', 'check'])
  })
  it('places what nobody placed below the rest, on the grid of ten', () => {
    expect(places(leave()).done!.y).toBeGreaterThan(200)
    const d = leave()
    place(d, 'done', { x: 503, y: -20 })
    expect(places(d).done).toEqual({ x: 500, y: 0 })
  })
  it('arranges in columns from the first state on, the same each time, no two on one place', () => {
    const at = arrange(leave())
    expect(at.start!.x).toBeLessThan(at.check!.x)
    expect(at.check!.x).toBeLessThan(at.done!.x)
    expect(arrange(leave())).toEqual(at)
    const d = leave()
    for (let i = 0; i < 12; i++) connect(d, d.states[i % 3]!.name, addState(d, { x: 0, y: 0 }).name)
    expect(new Set(Object.values(arrange(d)).map((p) => `${p.x},${p.y}`)).size).toBe(d.states.length)
  })
  it('ends though the states go round in circles', () => {
    const d = leave()
    connect(d, 'check', 'start')
    connect(d, 'check', 'check')
    expect(Object.keys(arrange(d))).toHaveLength(3)
    expect(lines(d, places(d)).every((l) => /^M-?\d+ -?\d+ C[-\d ]+$/.test(l.path))).toBe(true)
  })
  it('begins and ends an arrow at the sides of its boxes, and keeps the words of two apart', () => {
    const d = leave()
    const at = { start: { x: 0, y: 0 }, check: { x: 300, y: 0 }, done: { x: 600, y: 0 } }
    expect(lines(d, at)[0]!.path).toMatch(new RegExp(`^M${box.width} 28 C.* 300 \\d+$`))
    d.actions.push({ ...d.actions[0]!, name: 'send2', title: '再送审' })
    const [a, b] = spacedLabels(lines(d, at), at).filter((l) => l.arrow.to === 'check')
    expect(Math.abs(a!.at.y - b!.at.y)).toBeGreaterThanOrEqual(20)
  })
  it('goes round a box that stands in the way', () => {
    const d = leave()
    d.actions = [{ name: 'skip', title: '直接办结', from: ['start'], to: 'done' }]
    const at = { start: { x: 0, y: 0 }, check: { x: 250, y: 0 }, done: { x: 500, y: 0 } }
    const [a, c, e, b] = lines(d, at)[0]!.path.match(/-?\d+ -?\d+/g)!.map((p) => ({ x: Number(p.split(' ')[0]), y: Number(p.split(' ')[1]) }))
    expect(crossed([a!, c!, e!, b!], [at.check])).toBe(0)
  })
  it('draws 40 states and 80 arrows at once, hardly any through a box', () => {
    const d = leave()
    d.states = Array.from({ length: 40 }, (_, i) => (i > 36 ? { name: `s${i}`, title: `结束 ${i}`, end: true, outcome: 'completed' } : { name: `s${i}`, title: `第 ${i} 步`, acts: ['unit'] }))
    d.actions = Array.from({ length: 80 }, (_, i) => ({ name: `a${i}`, title: `操作 ${i}`, from: [`s${i % 37}`], to: `s${i < 37 ? i + 1 + (i % 3) : (i * 7) % 40}` }))
    const begun = performance.now()
    const at = arrange(d)
    const drawn = spacedLabels(lines(d, at), at)
    expect(performance.now() - begun).toBeLessThan(500) // a person does not notice; mostly it is 20 ms
    expect(drawn).toHaveLength(80)
    expect(new Set(Object.values(at).map((p) => `${p.x},${p.y}`)).size).toBe(40)
    const through = drawn.filter((l) => {
      const [a, c, e, b] = l.path.match(/-?\d+ -?\d+/g)!.map((p) => ({ x: Number(p.split(' ')[0]), y: Number(p.split(' ')[1]) }))
      return crossed([a!, c!, e!, b!], Object.entries(at).filter(([n]) => n !== l.arrow.from && n !== l.arrow.to).map(([, p]) => p)) > 2
    })
    expect(through.length).toBeLessThan(8)
  })
  it('finds what lies next in a direction', () => {
    const at = { a: { x: 0, y: 0 }, b: { x: 300, y: 40 }, c: { x: 250, y: 400 } }
    expect([neighbour(at, 'a', 'ArrowRight'), neighbour(at, 'a', 'ArrowDown'), neighbour(at, 'a', 'ArrowLeft'), neighbour(at, 'c', 'ArrowUp')]).toEqual(['b', 'c', '', 'b'])
  })
})

describe('edits keep every word in step', () => {
  it('takes a state out with what only made sense with it', () => {
    const d = leave()
    dropState(d, 'check')
    expect(d.actions.map((a) => a.name)).toEqual(['note'])
    expect(d.clocks![0]).toMatchObject({ starts: ['open'], pauses: [{ on: [], resumes: [] }] })
    expect(d.layout).toEqual({ start: { x: 80, y: 160 } })
  })
  it('takes an action, a notice and a role out wherever they are spoken of', () => {
    const d = leave()
    dropAction(d, 'send')
    dropNamed(d, 'notice', 'todo')
    dropNamed(d, 'role', 'chief')
    expect(JSON.stringify(d)).not.toMatch(/do:send|todo|role:chief/)
    dropNamed(d, 'clock', 'all')
    expect(d.clocks).toEqual([])
  })
  it('renames a state everywhere, and refuses a name that is taken or none', () => {
    const d = leave()
    expect([rename(d, 'state', 'check', 'start'), rename(d, 'state', 'check', '审批'), rename(d, 'state', 'start', 'filed')]).toEqual([false, false, true])
    expect(d.actions[0]!.from).toEqual(['filed'])
    expect(d.actions[2]!.steps).toEqual(['filed'])
    expect(d.states[1]!.acts).toEqual(['role:chief', 'holder:filed'])
    expect(d.layout!.filed).toEqual({ x: 80, y: 160 })
    rename(d, 'action', 'send', 'submit')
    expect(d.clocks![0]!.starts).toEqual(['open', 'do:submit'])
  })
  it('draws from an end only what opens again', () => {
    const d = leave()
    expect(connect(d, 'done', 'start')).toMatchObject({ does: 'reopen', within_days: 30, from: ['done'], to: 'start' })
    expect(connect(d, 'start', 'done')).toMatchObject({ title: '办结', to: 'done' })
  })
  it('draws backwards as a return, which steps it passed that come before', () => {
    const d = leave()
    d.actions = d.actions.filter((a) => a.does !== 'return')
    expect([...before(d, 'check')]).toEqual(['start'])
    expect(connect(d, 'check', 'start')).toMatchObject({ does: 'return', steps: ['start'], from: ['check'] })
    expect(arrows(d).some((a) => a.from === 'check' && a.to === 'start' && a.dashed)).toBe(true)
  })
  it('gives a state of signatures its two actions, and takes them back', () => {
    const d = leave()
    setSigning(d, d.states[1]!, true)
    expect(d.actions.filter((a) => a.does === 'agree' || a.does === 'refuse').map((a) => a.from)).toEqual([['check'], ['check']])
    setSigning(d, d.states[1]!, false)
    expect(d.actions.some((a) => a.does === 'agree')).toBe(false)
    expect(d.states[1]).toMatchObject({ acts: ['assignee'], review: true })
  })
  it('forgets what only the former verb could mean', () => {
    const d = leave()
    setVerb(d.actions[1]!, 'note')
    expect(d.actions[1]).toEqual({ name: 'pass', title: '同意', does: 'note', from: ['check'] })
    setVerb(d.actions[2]!, 'go')
    expect(d.actions[2]!.steps).toBeUndefined()
  })
  it('writes nothing for what is empty, and finds free names', () => {
    const d = leave()
    Object.assign(d.states[0]!, { review: false, effects: [], outcome: '' })
    d.clocks![0]!.lights = {}
    expect(tidy(d)).toEqual(leave())
    expect(freeName([{ name: 'step1' }, { name: 'step3' }], 'step')).toBe('step4')
  })
})

describe('what people want of a step, in one word', () => {
  it('is offered where it fits, once, and names nothing that is not there', () => {
    for (const p of presets) {
      const d = leave()
      if (p.id === 'signers') setSigning(d, d.states[1]!, true)
      d.actions = d.actions.filter((a) => a.does !== 'return' && a.does !== 'note')
      const s = p.id === 'reopen' ? d.states[2]! : d.states[1]!
      expect([p.id, p.fits(d, s)]).toEqual([p.id, true])
      const added = p.add(d, s)
      expect(d.actions.some((a) => a.name === added)).toBe(true)
      expect([p.id, p.fits(d, s)]).toEqual([p.id, false])
      const names = new Set([...d.states.map((x) => x.name), '*'])
      for (const a of d.actions) expect([p.id, [...a.from, ...(a.to ? [a.to] : []), ...(a.steps ?? [])].filter((n) => !names.has(n))]).toEqual([p.id, []])
      const acts = new Set(d.actions.map((a) => a.name))
      for (const c of d.clocks!) for (const t of [...(c.starts ?? []), ...(c.stops ?? []), ...(c.pauses ?? []).flatMap((x) => [...x.on, ...x.resumes])]) {
        const [word, name] = t.split(':')
        expect([p.id, word === 'open' || (word === 'do' ? acts.has(name!) : names.has(name!))]).toEqual([p.id, true])
      }
    }
  })
  it('lets a clock stop where a new end came, and stand still while somebody else works', () => {
    const d = leave()
    presets.find((p) => p.id === 'supply')!.add(d, d.states[1]!)
    expect(d.clocks![0]!.stops).toEqual(d.states.filter((s) => s.end).map((s) => `enter:${s.name}`))
    expect(d.clocks![0]!.pauses!.map((p) => p.title)).toContain('等待补正')
  })
})

describe('two hands on one draft', () => {
  const base = leave()
  const mine = leave()
  mine.states[1]!.title = '科长审批'
  mine.actions.push({ name: 'mine', title: '我加的', from: ['start'], to: 'done' })
  mine.layout!.check = { x: 500, y: 500 }
  const theirs = leave()
  theirs.states[0]!.title = '填表'
  theirs.actions = theirs.actions.filter((a) => a.name !== 'note')
  theirs.clocks![0]!.rule.amount = 9
  it('tells what each changed, where the boxes stand left out', () => {
    expect(compare(base, mine).map(changeText)).toEqual(['步骤“审批”改了名称', '新增操作“我加的”'].map((t) => t.replace('审批', '科长审批')))
    expect(compare(base, theirs).map((c) => [c.op, c.noun, c.name])).toEqual([['changed', 'state', 'start'], ['removed', 'action', 'note'], ['changed', 'clock', 'all']])
    expect(compare(base, leave())).toEqual([])
  })
  it('puts both together, and where both changed one thing mine stands', () => {
    const all = merge(base, mine, theirs)
    expect(all.states.map((s) => s.title)).toEqual(['填表', '科长审批', '办结'])
    expect(all.actions.map((a) => a.name)).toEqual(['send', 'pass', 'back', 'mine'])
    expect([all.clocks![0]!.rule.amount, all.layout!.check]).toEqual([9, { x: 500, y: 500 }])
    const other = leave()
    other.states[1]!.title = '处长审批'
    expect(merge(base, mine, other).states[1]!.title).toBe('科长审批')
    expect([...clash(compare(base, mine), compare(base, other))]).toEqual(['state check'])
    expect(merge(base, base, theirs)).toEqual(theirs)
    expect(merge(base, mine, base)).toEqual(mine)
  })
  it('keeps what somebody changed though another took it out', () => {
    const without = leave()
    dropAction(without, 'note')
    const changed = leave()
    changed.actions[3]!.title = '留言'
    expect(merge(base, without, changed).actions.map((a) => a.title)).toContain('留言')
  })
})

describe('taking back', () => {
  it('takes typing within a second as one change, a sealed one alone', () => {
    const h = new History('a')
    h.record('b', 0)
    h.record('c', 500)
    h.seal()
    h.record('d', 600)
    expect([h.undo(), h.undo(), h.undo()]).toEqual(['c', 'a', undefined])
    expect([h.redo(), h.redo(), h.redo()]).toEqual(['c', 'd', undefined])
  })
  it('forgets what was ahead after a new change, and the oldest of too many', () => {
    const h = new History('0', 3)
    for (let i = 1; i < 6; i++) h.record(String(i), i * 2000)
    h.undo()
    h.record('x', 99_000)
    expect(h.canRedo).toBe(false)
    expect([h.undo(), h.undo(), h.undo(), h.undo()]).toEqual(['4', '3', '2', undefined])
  })
})

describe('a trial', () => {
  it('invents a holder for each role, in both units where the matter may lie in either', () => {
    expect(cast(leave()).map((p) => p.name)).toEqual(['登记人', '同事', '本单位负责人', '另一个单位的负责人', '群众', '科长', '科长（另一个单位）'])
    expect(opening(leave(), 5)).toMatchObject({ by: 'staff:1', at: 5, unit: 1, moves: [] })
    const d = leave()
    d.states[0]!.acts = ['role:chief']
    expect(opening(d, 5).by).toBe('staff:10')
  })
  it('has an answer to everything that is asked', () => {
    const people = cast(leave())
    const frame = { run: { signing: { slots: [{ id: 4, state: 'waiting' }] } } } as never
    const all = answers({ action: 'a', title: '', does: 'go', asks: ['reason', 'staff', 'units', 'signers', 'slot', 'items', 'amount'], fields: ['reply'], guards: [{ name: 'g', params: { b: '2', a: '1' } }] }, 'staff:1', people, frame)
    expect(all).toMatchObject({ reason: '试运行', staff: 'staff:2', units: [2], signers: ['staff:2', 'staff:3'], slot: 4, filled: ['reply'], guards: { 'g?a=1&b=2': true } })
    expect(callId({ name: 'g' })).toBe('g')
  })
  it('lets the light of a running clock go on with the time', () => {
    const c = { status: 'running', light: 'green', yellow: 5, due: 9 }
    expect([lightAt(c, 1), lightAt(c, 5), lightAt(c, 9), lightAt({ ...c, status: 'stopped' }, 9)]).toEqual(['green', 'yellow', 'red', 'green'])
  })
  it('goes back to an earlier move', () => {
    const t = { ...opening(leave(), 0), moves: [{ action: 'a', at: 1, by: 'x' }, { action: 'b', at: 2, by: 'x' }], until: 9 }
    expect(cutTo(t, 1)).toMatchObject({ moves: [{ action: 'a' }], until: undefined })
  })
})

describe('words', () => {
  it('finds what a problem is about', () => {
    const p = { path: 'actions.send.to', severity: 'error', message: '' }
    expect([about(p), member(p)]).toEqual([{ sort: 'action', name: 'send' }, 'to'])
    expect(about({ ...p, path: 'states' }).sort).toBe('flow')
    expect([stands(leave(), about(p)), titleOf(leave(), about(p))]).toEqual([true, '送审'])
  })
  it('says people, moments, terms and changes as people do', () => {
    const d = leave()
    expect([whoText(d, 'role:chief'), whoText(d, 'holder:start'), whoText(d, 'opener')]).toEqual(['科长', '办“登记”的人', '登记人'])
    expect([triggerText(d, 'open'), triggerText(d, 'leave:check'), triggerText(d, 'do:pass')]).toEqual(['登记时', '离开“审批”时', '做“同意”时'])
    expect([ruleText({ kind: 'working', amount: 5 }), ruleText({ kind: 'calendar', amount: 2, unit: 'month' })]).toEqual(['5 个工作日', '2 个月'])
    expect(changeText({ op: 'changed', noun: 'state', title: '审批', what: ['acts', 'title'] })).toBe('步骤“审批”改了办理人、名称')
    expect(plainText(d, '在“check”能做；没有“moon”')).toBe('在“审批”能做；没有“moon”')
    expect(changeText({ op: 'added', noun: 'action', title: '退回' })).toBe('新增操作“退回”')
  })
})
