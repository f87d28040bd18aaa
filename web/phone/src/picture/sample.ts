// The album of a phone that has no photos of its own: drawn scenes of a city, PNG, 720 × 540, the same each time.

type Pen = CanvasRenderingContext2D

const fill = (pen: Pen, colour: string, x: number, y: number, w: number, h: number) => {
  pen.fillStyle = colour
  pen.fillRect(x, y, w, h)
}
const disc = (pen: Pen, colour: string, x: number, y: number, rx: number, ry = rx) => {
  pen.fillStyle = colour
  pen.beginPath()
  pen.ellipse(x, y, rx, ry, 0, 0, 7)
  pen.fill()
}
const write = (pen: Pen, words: string, x: number, y: number, size = 28, colour = '#222') => {
  pen.fillStyle = colour
  pen.font = `${size}px sans-serif`
  pen.fillText(words, x, y)
}

/** Sky, houses, a road: what most complaints are about. */
function street(pen: Pen, night = false) {
  fill(pen, night ? '#1e2a44' : '#cfe3f1', 0, 0, 720, 220)
  fill(pen, night ? '#39424f' : '#8fa3b3', 60, 90, 130, 130)
  fill(pen, night ? '#4a4038' : '#a58f7b', 480, 60, 170, 160)
  fill(pen, night ? '#2c3a2c' : '#b9c9ab', 0, 220, 720, 40)
  fill(pen, night ? '#33353a' : '#77797c', 0, 260, 720, 280)
  for (let x = 20; x < 720; x += 140) fill(pen, '#f2f2f2', x, 330, 80, 10)
}

function paper(pen: Pen, title: string, lines: string[]) {
  fill(pen, '#8a6f52', 0, 0, 720, 540)
  fill(pen, '#fdfcf7', 110, 30, 500, 480)
  write(pen, title, 200, 100, 36)
  lines.forEach((l, i) => write(pen, l, 150, 180 + i * 50, 24, '#444'))
}

export interface Sample {
  name: string
  draw: (pen: Pen) => void
}

export const samples: Sample[] = [
  {
    name: '路面坑洼',
    draw: (pen) => {
      street(pen)
      disc(pen, '#3b3c3e', 380, 430, 120, 42)
    },
  },
  {
    name: '路灯不亮',
    draw: (pen) => {
      street(pen, true)
      fill(pen, '#70757c', 350, 60, 12, 300)
      fill(pen, '#70757c', 350, 60, 90, 10)
      disc(pen, '#2a2d33', 440, 76, 26, 14)
    },
  },
  {
    name: '垃圾没人清',
    draw: (pen) => {
      street(pen)
      fill(pen, '#2f7d4f', 250, 300, 130, 160)
      for (const [x, y, c] of [[420, 440, '#d9d2c5'], [470, 460, '#7fa3c7'], [230, 470, '#c98d6b'], [520, 430, '#e8e4da']] as const) disc(pen, c, x, y, 42, 30)
    },
  },
  {
    name: '占道停车',
    draw: (pen) => {
      street(pen)
      fill(pen, '#b3322b', 200, 340, 300, 90)
      fill(pen, '#c8574f', 260, 290, 170, 60)
      disc(pen, '#222', 260, 432, 36)
      disc(pen, '#222', 440, 432, 36)
      fill(pen, '#fff', 300, 380, 110, 30)
      write(pen, '青A·00000', 306, 403, 20)
    },
  },
  { name: '材料照片', draw: (pen) => paper(pen, '居住证明（样张）', ['兹证明　某某某', '自 2024 年起住在本社区。', '特此证明。', '', '　　　　　　书院社区（样张）']) },
  { name: '缴费单', draw: (pen) => paper(pen, '缴费通知单（样张）', ['项目：城乡居民医疗保险', '年度：2027', '金额：400.00 元', '', '样张，不能用来缴费']) },
]

/** A small picture of a scene, as an address for <img>. */
export function preview(s: Sample): string {
  return drawn(s, 0.25).toDataURL('image/png')
}

/** The scene as a photo; `words` are written on it, so that two of one scene differ. */
export function photo(s: Sample, words: string): Promise<File> {
  const canvas = drawn(s, 1)
  write(canvas.getContext('2d')!, words, 24, 516, 22, '#fff')
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(new File([b], `${s.name}.png`, { type: 'image/png' })) : reject(new Error('画不出示例照片'))), 'image/png'))
}

function drawn(s: Sample, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = 720 * scale
  canvas.height = 540 * scale
  const pen = canvas.getContext('2d')!
  pen.scale(scale, scale)
  s.draw(pen)
  return canvas
}
