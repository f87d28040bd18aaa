import type { ServerResponse } from 'node:http'
import type { Account } from '../src/features/account/api.ts'
import type { Follower, Sync, Tag } from '../src/features/citizen/api.ts'
import type { Conversation, Line } from '../src/features/conversation/api.ts'
import type { Button, Version } from '../src/features/menu/api.ts'
import type { Staff, Unit } from '../src/features/org/api.ts'
import type { Rule } from '../src/features/reply/api.ts'
import { makeAccounts, makeStaff, makeUnits } from './data/org.ts'
import { makeFollowers, makeTags } from './data/citizen.ts'
import { makeTalks } from './data/conversation.ts'
import { makeMenus, makeRules } from './data/reply.ts'

export interface MenuState {
  buttons: Button[]
  version: number
  published_at: number
  published_version: number
  history: Version[]
}

/** Everything the mock knows. Troubles make calls slow or fail, to look at those faces: POST /console/api/_trouble. */
export interface World {
  session: boolean
  login: string
  empty: boolean
  troubles: { path: string; method?: string; status?: number; delay?: number }[]
  streams: Set<ServerResponse>
  units: Unit[]
  staff: Staff[]
  accounts: Account[]
  tags: Tag[]
  followers: Follower[]
  syncs: Map<number, Sync>
  rules: Rule[]
  menus: Map<number, MenuState>
  conversations: Conversation[]
  lines: Map<number, Line[]>
  windows: Map<number, { left: number; until_at: number; reason: string }>
  keys: Map<string, Line>
  nextId: () => number
  hint: (topic: string, id: number) => void
}

export function makeWorld(): World {
  let last = 10_000
  const nextId = () => ++last
  const units = makeUnits()
  const accounts = makeAccounts()
  const tags = makeTags()
  const followers = makeFollowers(accounts, tags)
  const streams = new Set<ServerResponse>()
  let version = 0
  return {
    session: false, login: 'limin', empty: false, troubles: [], streams, units, staff: makeStaff(units), accounts, tags, followers,
    syncs: new Map(), rules: makeRules(), menus: makeMenus(), ...makeTalks(accounts, followers), keys: new Map(), nextId,
    hint: (topic, id) => streams.forEach((s) => s.write(`event: hints\ndata: ${JSON.stringify([{ topic, id, version: ++version }])}\n\n`)),
  }
}
