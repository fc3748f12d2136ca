import { setImmediate } from 'node:timers/promises'
import type { ChangeFeed, TokenCache, TokenRecord } from '@tessera/core'
import { naiveStore } from '../../src/model/naive-store/naive-store.ts'
import { isToken, naiveState, write } from '../../src/model/naive-store/state.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { fully, plainly } from './plain-store.ts'
import type { PlainStore } from './plain-store.ts'

export type NaiveStore = StepsOnStore & { readonly feed: ChangeFeed }

/** Makes stores that are right but for one thing. */
export type BrokenStores = Readonly<Record<string, () => StepsOnStore>>

/** A cache that never has a record. */
export const cachingNothing: TokenCache = { has: () => false, find: () => null, findToken: async () => null }

/** A correct store, some of whose methods are replaced by what `spoil` makes of them. */
export function broken(
  spoil: (store: PlainStore & Pick<NaiveStore, 'feed'>, state: NaiveState) => Partial<PlainStore>,
): () => StepsOnStore {
  return brokenIn((store, state) => fully(spoil({ ...plainly(store), feed: store.feed }, state), store, state))
}

/** The same in all the words of the contract. */
export function brokenIn(spoil: (store: NaiveStore, state: NaiveState) => Partial<StepsOnStore>): () => StepsOnStore {
  return () => {
    const state = naiveState()
    const store = naiveStore(state)
    return { ...store, ...spoil(store, state) }
  }
}

/** Lets everyone else go on, as a store does that takes a second round trip. */
export async function roundTrip(): Promise<void> {
  await setImmediate()
}

export async function roundTrips(count: number): Promise<void> {
  for (let trip = 0; trip < count; trip += 1) await roundTrip()
}

export function findIn({ records }: Readonly<NaiveState>, owner: string, id: string): TokenRecord | null {
  return records.find(isToken(owner, id)) ?? null
}

/** Writes facts about a token, whatever its status, and announces nothing. */
export function overwrite(
  state: NaiveState,
  owner: string,
  id: string,
  facts: Partial<TokenRecord>,
): TokenRecord | null {
  const record = findIn(state, owner, id)
  if (record !== null) write(state, { ...record, ...facts })
  return findIn(state, owner, id)
}
