// GCJ-02 (what Chinese maps and WeChat's location messages use) and WGS-84 (what getLocation gives
// by default). The usual published approximation; a = 6378245.0, ee = 0.00669342162296594323.
import type { Spot } from './city'

const a = 6378245.0
const ee = 0.00669342162296594323

function shift(s: Spot): Spot {
  const x = s.lng - 105
  const y = s.lat - 35
  const wave = ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3
  let lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + wave
  lat += ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3
  lat += ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3
  let lng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + wave
  lng += ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3
  lng += ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3
  const rad = (s.lat / 180) * Math.PI
  const magic = 1 - ee * Math.sin(rad) ** 2
  return {
    lat: (lat * 180) / (((a * (1 - ee)) / (magic * Math.sqrt(magic))) * Math.PI),
    lng: (lng * 180) / ((a / Math.sqrt(magic)) * Math.cos(rad) * Math.PI),
  }
}

export function toGCJ(wgs: Spot): Spot {
  const d = shift(wgs)
  return { lat: wgs.lat + d.lat, lng: wgs.lng + d.lng }
}

/** The inverse by three steps of correction, exact to well under a metre. */
export function toWGS(gcj: Spot): Spot {
  let guess = gcj
  for (let i = 0; i < 3; i++) {
    const there = toGCJ(guess)
    guess = { lat: guess.lat + gcj.lat - there.lat, lng: guess.lng + gcj.lng - there.lng }
  }
  return guess
}
