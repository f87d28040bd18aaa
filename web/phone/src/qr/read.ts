// Reading a QR code from a picture, in the browser.
import type jsQR from 'jsqr'

type Reader = typeof jsQR

/** The reader (130 kB) is loaded when somebody scans. */
export const loadReader = (): Promise<Reader> => import('jsqr').then((m) => m.default)

/** Longest sides tried, px: photos of a code are often read better when made smaller. */
const sides = [1600, 800, 400]

/** The text of the code in the picture, or null when there is none that can be read. */
export async function readQR(picture: Blob): Promise<string | null> {
  const [read, bitmap] = await Promise.all([loadReader(), createImageBitmap(picture)])
  try {
    for (const side of sides) {
      const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
      const text = readFrame(read, bitmap, Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)))
      if (text) return text
    }
    return null
  } finally {
    bitmap.close()
  }
}

/** The same for a video frame or a bitmap, drawn at the given size. */
export function readFrame(read: Reader, source: CanvasImageSource, width: number, height: number): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return null
  pen.fillStyle = '#fff' // transparent pictures have a white ground
  pen.fillRect(0, 0, width, height)
  pen.drawImage(source, 0, 0, width, height)
  const data = pen.getImageData(0, 0, width, height)
  return read(data.data, width, height)?.data || null
}
