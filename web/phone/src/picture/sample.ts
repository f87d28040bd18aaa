/** A drawn picture for whoever has no photo at hand: a road with a hole in it. PNG, 720 × 540. */
export function samplePicture(words: string): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = 720
  canvas.height = 540
  const pen = canvas.getContext('2d')!
  const fill = (colour: string, x: number, y: number, w: number, h: number) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, w, h)
  }
  fill('#cfe3f1', 0, 0, 720, 200)
  fill('#b9c9ab', 0, 200, 720, 60)
  fill('#77797c', 0, 260, 720, 280)
  for (let x = 20; x < 720; x += 140) fill('#f2f2f2', x, 330, 80, 10)
  fill('#8fa3b3', 60, 90, 130, 130)
  fill('#a58f7b', 480, 60, 170, 160)
  pen.fillStyle = '#3b3c3e'
  pen.beginPath()
  pen.ellipse(380, 430, 120, 42, 0, 0, 7)
  pen.fill()
  pen.fillStyle = '#fff'
  pen.font = '24px sans-serif'
  pen.fillText(words, 24, 516)
  return new Promise((resolve, reject) =>
    canvas.toBlob((b) => (b ? resolve(new File([b], '示例照片.png', { type: 'image/png' })) : reject(new Error('画不出示例照片'))), 'image/png'),
  )
}
