import { cachedStore } from '@tessera/cached-store'
import { postgresStore } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { gather, openProcess } from '../failovers/processes.ts'
import type { Process, Processes } from '../failovers/processes.ts'

const CACHES = ['cached', 'uncached'] as const
const CHANGES_KEPT = 10_000

/** Processes that verify over a port of the database, one with a cache and one without. */
export function openOnPostgres(port: number): Processes {
  return gather(CACHES.map((cache) => open(`pg, ${cache}`, port, cache === 'cached')))
}

/** A process that issues and revokes. */
export function openPostgresWriter(port: number): Process {
  return open('writer', port, false)
}

function open(name: string, port: number, isCached: boolean): Process {
  const pool = new Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  const store = postgresStore(pool, { changesKept: CHANGES_KEPT })
  return openProcess(name, isCached ? cachedStore(store) : store, () => pool.end())
}
