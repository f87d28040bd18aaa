import { ref, type Ref } from 'vue'

/** A slow clock for texts such as 等了 12 分钟; it moves every 20 s. */
const now = ref(Date.now())
let ticking = false

export function useNow(): Ref<number> {
  if (!ticking) {
    ticking = true
    setInterval(() => (now.value = Date.now()), 20_000)
  }
  return now
}
