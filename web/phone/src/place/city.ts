// The sketch map of 青云市, an invented city. The map is a plain rectangle of latitude and
// longitude (GCJ-02, as WeChat gives it), small enough that a linear projection is exact to metres.

export interface Spot {
  lat: number
  lng: number
}

export interface Place extends Spot {
  name: string
  address: string
}

/** Map size in drawing units and the rectangle it shows. */
export const frame = { width: 360, height: 360, west: 112.3, east: 112.42, north: 32.5, south: 32.4 }

/** Where a citizen stands until another point is picked. */
export const home: Place = { name: '市政务服务中心', address: '云东区政通路 1 号', lat: 32.4532, lng: 112.3611 }

export const places: Place[] = [
  home,
  { name: '青云站', address: '青山区站前路 8 号', lat: 32.4471, lng: 112.3985 },
  { name: '市人民医院', address: '云东区康宁路 66 号', lat: 32.4607, lng: 112.3498 },
  { name: '市图书馆', address: '云东区文苑路 12 号', lat: 32.4655, lng: 112.3668 },
  { name: '第一中学', address: '云西区书院街 3 号', lat: 32.4758, lng: 112.3412 },
  { name: '老城街道便民服务站', address: '云西区鼓楼街 21 号', lat: 32.4795, lng: 112.3571 },
  { name: '车辆管理所', address: '青山区通达路 100 号', lat: 32.4668, lng: 112.3969 },
  { name: '青云湖公园', address: '白鹭县湖滨路', lat: 32.4282, lng: 112.3442 },
  { name: '体育中心', address: '白鹭县奥体路 9 号', lat: 32.4219, lng: 112.3741 },
  { name: '西岭镇政府', address: '云西区西岭镇人民路 2 号', lat: 32.4872, lng: 112.3148 },
]

export interface Point {
  x: number
  y: number
}

export function toPoint(s: Spot): Point {
  return {
    x: ((s.lng - frame.west) / (frame.east - frame.west)) * frame.width,
    y: ((frame.north - s.lat) / (frame.north - frame.south)) * frame.height,
  }
}

const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v))

/** The place under a point, held inside the map; six decimals (about 0.1 m), as WeChat sends. */
export function toSpot(p: Point): Spot {
  const x = clamp(p.x, 0, frame.width)
  const y = clamp(p.y, 0, frame.height)
  return {
    lat: round6(frame.north - (y / frame.height) * (frame.north - frame.south)),
    lng: round6(frame.west + (x / frame.width) * (frame.east - frame.west)),
  }
}

const round6 = (v: number) => Math.round(v * 1e6) / 1e6

export function onMap(s: Spot): boolean {
  return s.lat >= frame.south && s.lat <= frame.north && s.lng >= frame.west && s.lng <= frame.east
}

/** 纬度 32.4532，经度 112.3611: no more digits than a place has (six decimals are 0.1 m). */
export const spotText = (s: Spot) => `纬度 ${round6(s.lat)}，经度 ${round6(s.lng)}`

/** Moves by drawing units (arrow keys), staying on the map. */
export function nudge(s: Spot, dx: number, dy: number): Spot {
  const p = toPoint(s)
  return toSpot({ x: p.x + dx, y: p.y + dy })
}

/** Metres along the earth (haversine, R = 6 371 km). */
export function metres(a: Spot, b: Spot): number {
  const rad = Math.PI / 180
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** 350 米, 1.2 公里 */
export function distanceText(m: number): string {
  return m < 1000 ? `${Math.round(m / 10) * 10} 米` : `${(m / 1000).toFixed(1)} 公里`
}

/** What a citizen would call the point: a place within 150 m, else the nearest one with the distance. */
export function describe(s: Spot): Place {
  const near = places.map((p) => ({ p, m: metres(s, p) })).sort((a, b) => a.m - b.m)[0]!
  if (near.m <= 150) return { ...near.p, ...s }
  if (!onMap(s)) return { name: '地图上的位置', address: `纬度 ${s.lat}，经度 ${s.lng}`, ...s }
  return { name: `${near.p.name}附近`, address: `距${near.p.name}约 ${distanceText(near.m)}`, ...s }
}

/** Latitude and longitude typed by hand; null when it is no place on earth. */
export function parseSpot(lat: string, lng: string): Spot | null {
  const number = /^\s*-?\d{1,3}(\.\d+)?\s*$/
  if (!number.test(lat) || !number.test(lng)) return null
  const s = { lat: round6(Number(lat)), lng: round6(Number(lng)) }
  return Math.abs(s.lat) <= 90 && Math.abs(s.lng) <= 180 ? s : null
}
