import { get } from '@/api/client'
import type { Finding } from '@/features/account/api'

/** How today goes, counted from midnight in Shanghai over what the person may see. */
export interface Today {
  received: number
  automatic: number
  by_person: number
  unanswered: number
  answered_in_time: number
  answered_late: number
  followed: number
  left: number
}

export const getHealth = () => get<{ findings: Finding[] }>('/health')
export const getToday = (account: number) => get<Today>('/today', { query: { account: account || '' } })
