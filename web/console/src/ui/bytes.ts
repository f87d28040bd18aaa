const encoder = new TextEncoder()

/** The length as WeChat counts it: bytes of UTF-8, 3 for a Chinese character. */
export function bytes(text: string): number {
  return encoder.encode(text).length
}

/** What a byte limit means to a person: "还可写 4 字节（约 1 个汉字）" or "超出 2 字节". */
export function roomText(text: string, limit: number): string {
  const left = limit - bytes(text)
  if (left < 0) return `超出 ${-left} 字节，请删去约 ${Math.ceil(-left / 3)} 个汉字`
  return `还可写 ${left} 字节（约 ${Math.floor(left / 3)} 个汉字）`
}
