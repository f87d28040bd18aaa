// 总是保持以上选择: what a citizen said once for a template and does not want to be asked again. It is the phone's memory,
// not the account's: the sheet stays away and the same answer is given.

export type Choice = 'accept' | 'reject'

/** By citizen, then template id. */
export type Kept = Record<string, Record<string, Choice>>

const name = 'weizheng-phone-consents'

export function recallKept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Kept
  } catch {
    return {}
  }
}

export function storeKept(kept: Kept) {
  try {
    localStorage.setItem(name, JSON.stringify(kept))
  } catch {
    // a window without storage asks again
  }
}

/** The answers to give without asking, or null when one of the templates was never answered for good. */
export function known(kept: Kept, citizen: string, templates: string[]): Record<string, Choice> | null {
  const mine = kept[citizen] ?? {}
  if (!templates.length || !templates.every((t) => mine[t])) return null
  return Object.fromEntries(templates.map((t) => [t, mine[t]!]))
}

export const keep = (kept: Kept, citizen: string, choices: Record<string, Choice>): Kept => ({ ...kept, [citizen]: { ...kept[citizen], ...choices } })

/** Asked again from now on. */
export function forget(kept: Kept, citizen: string, template: string): Kept {
  const { [template]: _, ...rest } = kept[citizen] ?? {}
  return { ...kept, [citizen]: rest }
}
