import { cachedStore } from '@tessera/cached-store'
import type { TokenStore } from '@tessera/core'
import type { StoreUnderTest } from '@tessera/store-conformance'
import type { PostgresPool } from '../src/driver/which-driver.ts'
import type { PostgresStoreOptions } from '../src/options.ts'
import { postgresStore } from '../src/postgres-store.ts'
import type { Schemas } from './schemas.ts'

const KEPT = 200
// Races put hundreds of operations on a pool, and time is not what this is about.
const deadlineMs = 120_000
/** An hour ahead of the suite's own clock: a pruned token is one that had expired. */
const now = () => Date.UTC(2040, 0, 1, 1)

export interface SubjectOptions extends Pick<PostgresStoreOptions, 'preparedStatements'> {
  /** Puts another store in front of each. */
  readonly inFront?: (store: TokenStore) => TokenStore
}

export const cached = (store: TokenStore): TokenStore => cachedStore(store, { max: 1_000, now, deadlineMs })

/** Stores in schemas of their own, whose handles take turns with the pools. */
export function conformanceSubject(
  pools: readonly PostgresPool[],
  schemas: Schemas,
  { inFront = (store) => store, preparedStatements = 'auto' }: SubjectOptions = {},
): StoreUnderTest {
  const schemaOf = new WeakMap<TokenStore, string>()
  let handles = 0

  function handle(schema: string, leaseMs?: number): TokenStore {
    const pool = pools[handles++ % pools.length]
    if (pool === undefined) throw new RangeError('there is no pool')
    const store = inFront(postgresStore(pool, { schema, changesKept: KEPT, deadlineMs, preparedStatements, leaseMs }))
    schemaOf.set(store, schema)
    return store
  }

  return {
    create: async () => handle(await schemas.take()),
    ...(pools.length > 1 && { connect: (store) => handle(schemaOf.get(store) ?? '') }),
    destroy: (store) => schemas.giveBack(schemaOf.get(store) ?? ''),
    changeFeed: { keeps: KEPT },
    leases: {
      create: async (leaseMs) => handle(await schemas.take(), leaseMs),
      connect: (store, leaseMs) => handle(schemaOf.get(store) ?? '', leaseMs),
    },
  }
}
