// The draft that an editor works on: taken back and done again, kept by itself when the hands rest, and never written over
// what somebody else kept meanwhile.
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { Problem, told } from '@/api/client'
import { useSession } from '@/shell/session'
import { getFlow, saveFlow, type Definition, type View } from './api'
import { tidy } from './graph'
import { History } from './history'
import { places } from './layout'

/** How long the hands must rest before the draft is kept, in ms: a sentence is written in one go. */
const rest = 1200

/** Somebody else kept the draft after this editor read it. */
export interface Conflict {
  base: Definition
  mine: Definition
  theirs: View
}

export function useDraft(id: number, taken: (v: View) => void) {
  const session = useSession()
  const flow = shallowRef<View | null>(null)
  const d = ref<Definition | null>(null)
  const saved = ref('')
  const failed = ref('')
  const busy = ref(false)
  const savedAt = ref(0)
  const conflict = shallowRef<Conflict | null>(null)
  let history = new History('')
  const can = ref({ undo: false, redo: false })
  const look = () => (can.value = { undo: history.canUndo, redo: history.canRedo })

  const may = computed(() => flow.value?.editable ?? false)
  const now = computed(() => (d.value ? JSON.stringify(tidy(d.value)) : ''))
  const dirty = computed(() => flow.value !== null && now.value !== saved.value)

  function set(state: string | undefined) {
    if (state === undefined) return false
    d.value = JSON.parse(state) as Definition
    look()
    return true
  }
  const undo = () => set(history.undo())
  const redo = () => set(history.redo())
  /** A change of its own, however soon it follows another. */
  function edit(change: (d: Definition) => void) {
    if (!d.value || !may.value) return
    history.record(now.value, Date.now())
    history.seal()
    change(d.value)
    history.record(now.value, Date.now())
    history.seal()
    look()
  }

  /** Shows what the server has; the history begins anew unless `undoable`. */
  function take(v: View, undoable = false) {
    flow.value = v
    const next = structuredClone(v.draft)
    next.layout = { ...places(next) }
    if (undoable) edit(() => (d.value = next))
    else d.value = next
    saved.value = now.value
    if (!undoable) history = new History(now.value)
    look()
    taken(v)
  }
  /** What a verb answered, the draft left as it is on the screen. */
  const note = (v: View) => (flow.value = v)

  /** Keeps the draft now; answers whether it is kept. Asked twice at once it is sent once. */
  let running: Promise<boolean> | null = null
  function keep(): Promise<boolean> {
    if (!dirty.value) return Promise.resolve(true)
    running ??= send().finally(() => (running = null))
    return running
  }
  async function send(): Promise<boolean> {
    if (conflict.value) return false
    const sent = now.value
    busy.value = true
    try {
      flow.value = await saveFlow(id, flow.value!.version, JSON.parse(sent) as Definition)
      saved.value = sent
      savedAt.value = Date.now()
      failed.value = ''
      return now.value === sent || send()
    } catch (e) {
      if (e instanceof Problem && e.status === 409) return await differs(e)
      failed.value = told(e)
      return false
    } finally {
      busy.value = false
    }
  }
  async function differs(e: unknown): Promise<boolean> {
    try {
      const theirs = await getFlow(id)
      const base = JSON.parse(saved.value) as Definition
      if (JSON.stringify(tidy(theirs.draft)) === JSON.stringify(tidy({ ...base, layout: theirs.draft.layout }))) {
        flow.value = theirs // only the row moved on: published, retired; the text is the one that this editor began with
        return await send()
      }
      conflict.value = { base, mine: JSON.parse(now.value) as Definition, theirs }
    } catch {
      failed.value = told(e)
    }
    return false
  }
  /** Goes on after a conflict with a text that a person chose; what they had can be taken back to. */
  function solve(choice: Definition) {
    const c = conflict.value
    if (!c) return
    conflict.value = null
    flow.value = c.theirs
    saved.value = JSON.stringify(tidy({ ...c.theirs.draft, layout: places(c.theirs.draft) }))
    edit(() => (d.value = structuredClone(choice)))
  }
  /** Somebody else did something: nothing of one's own is lost, so their text is shown at once. */
  async function refresh(version: number) {
    if (!flow.value || version <= flow.value.version || dirty.value || busy.value) return ''
    const v = await getFlow(id)
    if (dirty.value || v.version <= flow.value.version) return ''
    const other = JSON.stringify(tidy(v.draft)) !== JSON.stringify(tidy(flow.value.draft))
    if (other) take(v, true)
    else note(v)
    return other && v.edited_by !== session.who?.name ? v.edited_by : ''
  }

  let resting: ReturnType<typeof setTimeout>
  watch(now, (state) => {
    history.record(state, Date.now())
    look()
    clearTimeout(resting)
    if (may.value) resting = setTimeout(keep, rest)
  })
  onBeforeUnmount(() => clearTimeout(resting))
  return { flow, d, may, now, dirty, busy, failed, savedAt, conflict, can, undo, redo, seal: () => history.seal(), edit, take, note, keep, solve, refresh }
}
