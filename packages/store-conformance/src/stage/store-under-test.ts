import type { TokenStore } from '@tessera/core'
import type { ExpectStatic } from 'vitest'
import { isStore, stepsOf } from '../steps/steps-on.ts'
import type { StepsOnStore } from '../steps/steps-on.ts'

/** The suite's way to a store, and the store's optional parts. */
export interface StoreUnderTest {
  /** A new, empty store. One store at a time is in use, except for a second one to read a change feed. */
  readonly create: () => TokenStore | Promise<TokenStore>
  /**
   * Another handle of the newest store, over a connection of its own. Races then run over several connections; left
   * out, they share the one handle.
   */
  readonly connect?: (store: TokenStore) => TokenStore | Promise<TokenStore>
  /**
   * Called after each case, passed or failed, with each store made by `create`. The place to drop a schema, or to close
   * the connections opened for the store and its handles.
   */
  readonly destroy?: (store: TokenStore) => unknown
  /** Declares the change feed, and how many of the latest entries it keeps at most. Left out, `feed` must be absent. */
  readonly changeFeed?: { readonly keeps: number }
  /**
   * A handle of the same store that fails between a record and the feed. Left out by a store that writes both in one
   * transaction.
   */
  readonly withoutFeed?: (store: TokenStore) => TokenStore | Promise<TokenStore>
  /** Declares leases, see `leasedChangesSince`. Left out, they are not tested. */
  readonly leases?: LeasesUnderTest
}

/** The suite's way to stores with leases. */
export interface LeasesUnderTest {
  /** A new, empty store with this length of a lease, in milliseconds. */
  readonly create: (leaseMs: number) => TokenStore | Promise<TokenStore>
  /**
   * Another handle of that store, as of another process, with another length; `undefined` for one without leases. Left
   * out by a store of a single process.
   */
  readonly connect?: (store: TokenStore, leaseMs: number | undefined) => TokenStore | Promise<TokenStore>
}

/** The surroundings of a case: an empty store of its own. */
export interface Stage {
  /** The steps of a token's life on the store. */
  readonly store: StepsOnStore
  /** The same on the store and on further handles of it, for contenders to share. */
  readonly handles: readonly StepsOnStore[]
  /** The store and the handles themselves; none if steps are put to the test without a store. */
  readonly stores: readonly TokenStore[]
  readonly subject: Subject
  readonly expect: ExpectStatic
}

/** A store, or the steps of one alone: so the suite itself can be tested. */
export interface Subject extends Omit<StoreUnderTest, 'create' | 'connect' | 'destroy'> {
  readonly create: () => Tested | Promise<Tested>
  readonly connect?: (store: Tested) => Tested | Promise<Tested>
  readonly destroy?: (store: Tested) => unknown
  /** Leaves out the questions for stores only. */
  readonly stepsOnly?: boolean
}

export type Tested = TokenStore | StepsOnStore

const MOST_HANDLES = 4

export async function setStage(subject: StoreUnderTest | Subject, expect: ExpectStatic): Promise<Stage> {
  const store = await subject.create()
  const all = [store]
  const { connect } = subject as Subject
  if (connect !== undefined) while (all.length < MOST_HANDLES) all.push(await connect(store))
  const handles = all.map(stepsOf)
  const [first = stepsOf(store)] = handles
  return { store: first, handles, stores: all.filter(isStore), subject: subject as Subject, expect }
}

/** Runs a case on an empty store, and destroys every store made for it. */
export async function onStage(
  subject: StoreUnderTest | Subject,
  expect: ExpectStatic,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  const { create, destroy, leases } = subject as Subject
  const made: Tested[] = []
  async function noting<Made extends Tested>(making: Made | Promise<Made>): Promise<Made> {
    const store = await making
    made.push(store)
    return store
  }
  const creating = { create: () => noting(create()) }
  const leasing = leases && { leases: { ...leases, create: (leaseMs: number) => noting(leases.create(leaseMs)) } }
  try {
    await run(await setStage({ ...(subject as Subject), ...creating, ...leasing }, expect))
  } finally {
    for (const store of made) await destroy?.(store)
  }
}
