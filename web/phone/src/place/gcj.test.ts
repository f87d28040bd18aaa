import { expect, it } from 'vitest'
import { home, metres, places } from './city'
import { toGCJ, toWGS } from './gcj'

it('there and back is within a centimetre for every named place', () => {
  for (const p of places) expect(metres(p, toGCJ(toWGS(p)))).toBeLessThan(0.01)
})

it('the shift is a few hundred metres, as in China', () => {
  const far = metres(home, toWGS(home))
  expect(far).toBeGreaterThan(100)
  expect(far).toBeLessThan(1000)
})

it('agrees with a published pair (Beijing, coordtransform)', () => {
  const got = toGCJ({ lat: 39.915, lng: 116.404 })
  expect(got.lat).toBeCloseTo(39.91640428150164, 6)
  expect(got.lng).toBeCloseTo(116.41024449916938, 6)
})
