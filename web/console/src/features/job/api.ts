import { get, type Page } from '@/api/client'

/** One queue of background work and how it stands. */
export interface Queue {
  name: string
  title: string
  waiting: number
  running: number
  retrying: number
  failed: number
  oldest_at: number
}

export const listQueues = () => get<Page<Queue>>('/jobs')
