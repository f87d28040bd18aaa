import { ref, type Ref } from 'vue'

/**
 * A slow clock for texts such as 等了 12 分钟. It shows civil time: the demo may move it ahead of the desk's own clock.
 */
const now = ref(Date.now())
let ahead = 0
let ticking = false
const tick = () => (now.value = Date.now() + ahead)

export function useNow(): Ref<number> {
  if (!ticking) {
    ticking = true
    setInterval(tick, 20_000)
  }
  return now
}

/** Sets the clock by the server's. A difference below the tick is the way of the answer, not a move. */
export function setNow(at: number) {
  const difference = at - Date.now()
  ahead = Math.abs(difference) < 20_000 ? 0 : difference
  tick()
}
