// The sheet of consent for a page or an article: asks, unless the citizen has answered for good, and tells the account.
import { Failure } from '../api/http'
import { useDesk } from '../state/desk'
import { keep, known, recallKept, storeKept, type Choice } from './kept'
import SubscribeSheet from './SubscribeSheet.vue'

export function useConsent() {
  const desk = useDesk()

  /**
   * The choices by template; null when the sheet was closed without an answer. A refusal of the sandbox to open the sheet is
   * thrown with WeChat's number as its message.
   */
  return async function consent(appid: string, templates: string[], scene: 'page' | 'article'): Promise<Record<string, Choice> | null> {
    const citizen = desk.state.me!.id
    const asked = await desk.api.askedConsent(citizen, appid, templates).catch((e: unknown) => {
      if (e instanceof Failure && e.code.startsWith('subscribe_')) throw new Error(e.code.slice('subscribe_'.length))
      throw e
    })
    const before = known(recallKept(), citizen, asked.templates.map((t) => t.id))
    const account = desk.account(asked.account)
    const answer = before
      ? { choices: before, keep: false }
      : await desk.overlays.open<{ choices: Record<string, Choice>; keep: boolean }>(SubscribeSheet, { name: account?.name ?? asked.account, avatar: account?.avatar ?? '', templates: asked.templates })
    if (!answer) return null
    await desk.api.giveConsent({ account: asked.account, citizen }, scene, answer.choices)
    if (answer.keep) storeKept(keep(recallKept(), citizen, answer.choices))
    return answer.choices
  }
}
