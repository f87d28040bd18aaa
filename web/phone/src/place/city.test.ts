import { describe as group, expect, it } from 'vitest'
import { describe, distanceText, frame, home, metres, nudge, onMap, parseSpot, places, spotText, toPoint, toSpot } from './city'

group('projection', () => {
  it('goes there and back within a tenth of a metre', () => {
    for (const p of places) {
      expect(metres(p, toSpot(toPoint(p)))).toBeLessThan(0.2)
    }
  })
  it('puts north-west at the origin', () => {
    expect(toPoint({ lat: frame.north, lng: frame.west })).toEqual({ x: 0, y: 0 })
    expect(toSpot({ x: frame.width, y: frame.height })).toEqual({ lat: frame.south, lng: frame.east })
  })
  it('never leaves the map', () => {
    expect(onMap(toSpot({ x: -50, y: 9999 }))).toBe(true)
    expect(onMap(nudge({ lat: frame.north, lng: frame.east }, 40, -40))).toBe(true)
  })
  it('holds every named place', () => {
    expect(places.every(onMap)).toBe(true)
  })
  it('is not squeezed by more than a fifth', () => {
    const wide = metres({ lat: home.lat, lng: frame.west }, { lat: home.lat, lng: frame.east }) / frame.width
    const high = metres({ lat: frame.south, lng: home.lng }, { lat: frame.north, lng: home.lng }) / frame.height
    expect(wide / high).toBeGreaterThan(0.8)
    expect(wide / high).toBeLessThan(1.2)
  })
})

group('words', () => {
  it('one degree of latitude is about 111 km', () => {
    expect(metres({ lat: 32, lng: 112 }, { lat: 33, lng: 112 })).toBeCloseTo(111_195, -2)
  })
  it.each([
    [4, '0 米'],
    [347, '350 米'],
    [1240, '1.2 公里'],
  ])('%d', (m, want) => {
    expect(distanceText(m)).toBe(want)
  })
  it('names a place, its surroundings, or the numbers', () => {
    expect(describe(home).name).toBe(home.name)
    expect(describe({ lat: home.lat + 0.004, lng: home.lng }).name).toBe(`${home.name}附近`)
    expect(describe({ lat: 39.9, lng: 116.4 }).name).toBe('地图上的位置')
  })
})

it.each([
  ['32.45', '112.36', { lat: 32.45, lng: 112.36 }],
  [' -1 ', '0', { lat: -1, lng: 0 }],
  ['91', '0', null],
  ['0', '181', null],
  ['', '1', null],
  ['1e1', '1', null],
])('parseSpot %s %s', (lat, lng, want) => {
  expect(parseSpot(lat, lng)).toEqual(want)
})

group('in words', () => {
  it('says no more digits than a place has', () => {
    expect(spotText({ lat: 32.4532, lng: 112.12004934703546 })).toBe('纬度 32.4532，经度 112.120049')
  })
})
