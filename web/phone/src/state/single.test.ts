import { expect, it } from 'vitest'
import { single } from './single'

it('runs once more after calls that came meanwhile', async () => {
  let runs = 0
  let release = () => {}
  const run = single(() => {
    runs++
    return new Promise<void>((r) => (release = r))
  })
  const first = run()
  run()
  run()
  expect(runs).toBe(1)
  release()
  await Promise.resolve()
  await Promise.resolve()
  await Promise.resolve()
  expect(runs).toBe(2)
  release()
  await first
  expect(runs).toBe(2)
})

it('survives a failure', async () => {
  let runs = 0
  const run = single(async () => {
    runs++
    if (runs === 1) throw new Error('away')
  })
  await run()
  await run()
  expect(runs).toBe(2)
})
