import type { TokenStore } from './store.ts'
import type { TokenRecord } from './token.ts'

/** Ends the time of a successor's predecessor. */
export type CompleteRotation = (successor: TokenRecord, at: number) => Promise<TokenRecord | null>

/** Lets all who use a successor for the first time at the same moment share one step of the store. */
export function shareCompletions(store: Pick<TokenStore, 'completeRotation'>): CompleteRotation {
  const running = new Map<string, Promise<TokenRecord | null>>()

  return ({ owner, id }, at) => {
    // An owner holds no control character.
    const key = `${owner}\n${id}`
    const known = running.get(key)
    if (known !== undefined) return known
    const completion = store.completeRotation(owner, id, at).finally(() => running.delete(key))
    running.set(key, completion)
    return completion
  }
}
