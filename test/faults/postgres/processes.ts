import { cachedStore } from '@tessera/cached-store'
import { postgresStore } from '@tessera/postgres-store'
import type { PostgresStoreOptions } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { LEASE_MS, gather, openProcess } from '../failovers/processes.ts'
import type { Caching, Process, Processes } from '../failovers/processes.ts'

type Options = Pick<PostgresStoreOptions, 'leaseMs'>

const LENDING: Options = { leaseMs: LEASE_MS }
const CACHINGS = ['confirmed', 'none', 'leased'] as const
const CHANGES_KEPT = 10_000

/** Processes that verify over a port of the database: one with a cache, one without, and one with leases if there are any. */
export function openOnPostgres(port: number, options = LENDING): Processes {
  const cachings = CACHINGS.filter((caching) => caching !== 'leased' || options.leaseMs !== undefined)
  return gather(cachings.map((caching) => open(`pg, ${caching}`, port, caching, options)))
}

/** A process that issues and revokes. */
export function openPostgresWriter(port: number, options = LENDING): Process {
  return open('writer', port, 'none', options)
}

function open(name: string, port: number, freshness: Caching, options: Options): Process {
  const pool = new Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  const store = postgresStore(pool, { changesKept: CHANGES_KEPT, ...options })
  return openProcess(name, cachedStore(store, { freshness }), () => pool.end())
}
