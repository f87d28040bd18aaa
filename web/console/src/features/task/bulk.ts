import { told } from '@/api/client'
import { randomKey } from '@/ui/keys'
import { act, getMatter, type Detail, type In, type Matter } from '../matter/api'
import type { Option } from '../flow/api'

/** What can be done with several matters at once: nothing that decides anything. */
export const bulks = ['claim', 'transfer', 'urge'] as const
export type Bulk = (typeof bulks)[number]
export const bulkText: Record<Bulk, string> = { claim: '认领', transfer: '转给同事', urge: '催办' }

/** The verbs of a definition that do it, the gentlest first. */
const verbs: Record<Bulk, string[]> = { claim: ['claim'], transfer: ['transfer', 'reassign'], urge: ['urge'] }

/** What became of one row. */
export interface Outcome {
  id: number
  title: string
  state: 'waiting' | 'busy' | 'done' | 'refused'
  text: string
}

/** The option that does it, among those that the person has; undefined when none asks for no more than what is given. */
export function optionFor(what: Bulk, d: Pick<Detail, 'options'>, given: { staff?: number; reason?: string }): Option | undefined {
  const can = (o: Option) => (o.asks ?? []).every((ask) => (ask === 'staff' || ask === 'any' ? given.staff : ask === 'reason' ? given.reason : false)) && !o.fields?.length
  return verbs[what].flatMap((v) => (d.options ?? []).filter((o) => (o.does || 'go') === v)).find(can)
}

/** Does it to one row after the other; each is tried once on the version that was shown, and tells for itself. */
export async function each(what: Bulk, list: Matter[], given: { staff?: number; reason?: string }, tell: (o: Outcome) => void, stopped: () => boolean) {
  for (const m of list) {
    if (stopped()) return
    const row = { id: m.id, title: m.title || m.number }
    tell({ ...row, state: 'busy', text: '正在办' })
    try {
      const detail = await getMatter(m.id)
      const option = optionFor(what, detail, given)
      if (!option) {
        tell({ ...row, state: 'refused', text: why(what, detail) })
        continue
      }
      const said: In = { version: m.version, key: randomKey(), ...(given.reason ? { reason: given.reason } : {}), ...(option.branch ? { branch: option.branch } : {}), ...(what === 'transfer' ? { staff: given.staff } : {}) }
      await act(m.id, option.action, said)
      tell({ ...row, state: 'done', text: `已${option.title}` })
    } catch (e) {
      tell({ ...row, state: 'refused', text: told(e) })
    }
  }
}

function why(what: Bulk, d: Detail): string {
  const known = (d.options ?? []).some((o) => verbs[what].includes(o.does || 'go'))
  if (known) return '这一件还要填别的内容，请点开单独办'
  if (what === 'claim') return d.matter.assignee ? `${d.matter.assignee}已经在办` : '现在不由您认领'
  return what === 'urge' ? '这一步不能由您催办' : '现在不由您转出'
}
