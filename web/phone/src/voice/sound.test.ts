import { expect, it } from 'vitest'
import codec from 'benz-amr-recorder/src/amrnb.js'
import { amrLength, isAMR, rate } from './sound'

type Answer = { command: string; amr: Uint8Array | Float32Array }

/** The codec speaks only through a worker's self. */
function speak(message: object): Answer {
  let got: Answer | undefined
  const self: { postMessage: (m: Answer) => void; onmessage?: (e: { data: object }) => void } = { postMessage: (m) => (got = m) }
  ;(globalThis as { self?: unknown }).self = self
  codec()
  self.onmessage!({ data: message })
  return got!
}

it('a tone goes to AMR and back, and its length is read from the frames', () => {
  const tone = Float32Array.from({ length: 2 * rate }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / rate))
  const amr = speak({ command: 'encode', samples: tone, sampleRate: rate }).amr as Uint8Array
  expect(isAMR(amr)).toBe(true)
  expect(Math.abs(amrLength(amr) - 2000)).toBeLessThanOrEqual(40)
  const back = speak({ command: 'decode', buffer: amr }).amr
  expect(Math.max(...back.slice(1000, 3000))).toBeGreaterThan(0.2)
})

it('what is no AMR has no length', () => {
  expect(amrLength(new Uint8Array([1, 2, 3]))).toBe(0)
  expect(isAMR(new Uint8Array())).toBe(false)
})
