import { setImmediate } from 'node:timers/promises'
import type { ChangeFeed, TokenRecord, TokenStore } from '@tessera/core'
import { naiveStore } from '../naive-store/naive-store.ts'
import { isToken, naiveState, write } from '../naive-store/state.ts'
import type { NaiveState } from '../naive-store/state.ts'
import { fully, plainly } from './plain-store.ts'
import type { PlainStore } from './plain-store.ts'

export type NaiveStore = TokenStore & { readonly changes: ChangeFeed }

/** Makes stores that are right but for one thing. */
export type BrokenStores = Readonly<Record<string, () => TokenStore>>

/** A correct store, some of whose methods are replaced by what `spoil` makes of them. */
export function broken(
  spoil: (store: PlainStore & Pick<NaiveStore, 'changes'>, state: NaiveState) => Partial<PlainStore>,
): () => TokenStore {
  return brokenIn((store, state) => fully(spoil({ ...plainly(store), changes: store.changes }, state), store, state))
}

/** The same in all the words of the contract. */
export function brokenIn(spoil: (store: NaiveStore, state: NaiveState) => Partial<TokenStore>): () => TokenStore {
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

/** Writes facts about a token, whatever its standing, and tells no one. */
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
