/**
 * Runs fn one at a time: calls during a run ask for one more run after it, however many they are.
 * Hints may come by the hundred; the sandbox is then asked twice. Failures are left to the next hint.
 */
export function single(fn: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  async function loop() {
    do {
      again = false
      try {
        await fn()
      } catch {
        // the stream's next hint or its beat asks again
      }
    } while (again)
    running = undefined
  }
  return () => {
    if (running) again = true
    else running = loop()
    return running!
  }
}
