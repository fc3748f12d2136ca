import type { TokenStore } from '../src/store/store.ts'

/** The same store, in which a rival comes between what a step is shown first and what it writes: it is shown again. */
export function contendedStore(store: TokenStore, rival: () => Promise<unknown>): TokenStore {
  return {
    ...store,
    async change(owner, wants, decide) {
      await store.change(owner, wants, (seen) => ({ answer: decide(seen) }))
      await rival()
      return store.change(owner, wants, decide)
    },
  }
}
