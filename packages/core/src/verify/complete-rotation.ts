import type { Settings } from '../setup/settings.ts'
import { endPending, revokePredecessors } from '../steps/complete-rotation.ts'
import type { Completion } from '../steps/complete-rotation.ts'
import { takeShown } from '../store/take-shown.ts'
import type { TokenRecord } from '../token/token.ts'
import type { VerifyOptions } from '../token/verification.ts'

/** Ends the time of all tokens before a successor. `null` if it is gone. */
export type CompleteRotation = (
  successor: TokenRecord,
  at: number,
  request: VerifyOptions,
) => Promise<TokenRecord | null>

/** Shares one step of the store among all first uses of a successor at the same moment. */
export function shareCompletions(settings: Settings): CompleteRotation {
  const { store } = settings
  const running = new Map<string, Promise<TokenRecord | null>>()

  async function complete(...[successor, at, request]: Parameters<CompleteRotation>): Promise<TokenRecord | null> {
    const { owner, id } = successor
    const found = await takeShown<Completion>((more) => store.take(owner, revokePredecessors(id, at, more)))
    const completed = found.record && (await store.take(owner, endPending(id)))
    for (const ended of found.ended) settings.events()?.replaced(ended, successor, at, request)
    return completed
  }

  return (successor, at, request) => {
    // An owner holds no control character.
    const key = `${successor.owner}\n${successor.id}`
    const known = running.get(key)
    if (known !== undefined) return known
    const completion = complete(successor, at, request).finally(() => running.delete(key))
    running.set(key, completion)
    return completion
  }
}
