import { Problem, told } from '@/api/client'

/** Every fault in words, the first few: a file may have many. '' without a problem. */
export function faultsText(e: unknown): string {
  if (!e) return ''
  const texts = e instanceof Problem ? [...new Set(e.faults.map((f) => f.text).filter(Boolean))] : []
  return texts.slice(0, 5).join(' ') || told(e)
}
