import { randomUUID } from 'node:crypto'
import type { TokenStore } from '@tessera/core'
import type { StoreUnderTest } from '@tessera/store-conformance'
import { redisStore } from '../src/redis-store.ts'
import { withoutFeed } from './broken-feed.ts'
import type { TestClient } from './ioredis-majors.ts'

const CLIENTS = 4
const KEPT = 200
/** The suite's clock runs ahead of every real one. */
const CENTURY_MS = 36_500 * 24 * 60 * 60 * 1000

/** The suite's subject, and the end of its connections. */
interface Connected {
  readonly subject: StoreUnderTest
  disconnect(): void
}

/** Stores under prefixes of their own, whose handles go over different connections. */
export function conformanceSubject(connect: () => TestClient): Connected {
  const clients = Array.from({ length: CLIENTS }, connect)
  const prefixes = new WeakMap<TokenStore, string>()
  const [firstClient] = clients
  let handles = 0

  function handle(keyPrefix: string, leaseMs?: number): TokenStore {
    const client = clients[handles++ % CLIENTS]
    if (client === undefined) throw new RangeError('there is no client')
    // Races put hundreds of operations on one connection, and time is not what this is about.
    const patient = { keyPrefix, changesKept: KEPT, deadlineMs: 20_000, clockToleranceMs: CENTURY_MS }
    const store = redisStore(client, { ...patient, ...(leaseMs !== undefined && { leaseMs }) })
    prefixes.set(store, keyPrefix)
    return store
  }

  const subject: StoreUnderTest = {
    create: () => handle(`${randomUUID()}:`),
    connect: (store) => handle(prefixes.get(store) ?? ''),
    changeFeed: { keeps: KEPT },
    leases: {
      create: (leaseMs) => handle(`${randomUUID()}:`, leaseMs),
      connect: (store, leaseMs) => handle(prefixes.get(store) ?? '', leaseMs),
    },
    withoutFeed(store) {
      if (firstClient === undefined) throw new RangeError('there is no client')
      const prefix = prefixes.get(store) ?? ''
      return withoutFeed(firstClient, redisStore(firstClient, { keyPrefix: prefix }), prefix)
    },
  }
  return {
    subject,
    disconnect() {
      for (const client of clients) client.disconnect()
    },
  }
}
