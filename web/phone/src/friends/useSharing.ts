// Passing on what one sees: to a friend, or to all in Moments.
import type { Card, Person } from '../api/kinds'
import { useDesk } from '../state/desk'
import ForwardSheet from './ForwardSheet.vue'
import MomentSheet from './MomentSheet.vue'

export function useSharing() {
  const desk = useDesk()
  const me = () => desk.state.me!.id

  /** Sends a page or words to a friend whom the person chooses; false when they did not, or it could not be sent. */
  async function forward(what: { card: Card } | { words: string }): Promise<boolean> {
    const chosen = await desk.overlays.open<{ to: Person; words: string }>(ForwardSheet, what)
    if (!chosen) return false
    return desk.attempt(async () => {
      if ('card' in what) await desk.api.tellFriend(me(), chosen.to.id, { type: 'link', ...what.card })
      else await desk.api.tellFriend(me(), chosen.to.id, { type: 'text', content: what.words })
      if (chosen.words) await desk.api.tellFriend(me(), chosen.to.id, { type: 'text', content: chosen.words })
      desk.overlays.toast(`已发送给${chosen.to.name}`)
    })
  }

  /** Shows a page, or only words, in Moments. */
  async function show(card?: Card): Promise<boolean> {
    const words = await desk.overlays.open<string>(MomentSheet, { card })
    if (words === null) return false
    return desk.attempt(async () => {
      await desk.api.showMoment(me(), words, card ?? null)
      desk.overlays.toast('已发到朋友圈')
    })
  }

  return { forward, show }
}
