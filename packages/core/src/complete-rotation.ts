import type { Events } from './events.ts'
import type { TokenStore } from './store.ts'
import type { TokenRecord } from './token.ts'

/** Ends the time of a successor's predecessor. */
export type CompleteRotation = (successor: TokenRecord, at: number) => Promise<TokenRecord | null>

/** Lets all who use a successor for the first time at the same moment share one step of the store. */
export function shareCompletions(store: Pick<TokenStore, 'completeRotation'>, events: Events | null): CompleteRotation {
  const running = new Map<string, Promise<TokenRecord | null>>()

  async function complete(successor: TokenRecord, at: number): Promise<TokenRecord | null> {
    const completed = await store.completeRotation(successor.owner, successor.id, at)
    if (completed !== null) events?.replaced(successor, at)
    return completed
  }

  return (successor, at) => {
    // An owner holds no control character.
    const key = `${successor.owner}\n${successor.id}`
    const known = running.get(key)
    if (known !== undefined) return known
    const completion = complete(successor, at).finally(() => running.delete(key))
    running.set(key, completion)
    return completion
  }
}
