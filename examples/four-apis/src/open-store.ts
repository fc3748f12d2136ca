import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { migrate, postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import { sqliteStore } from '@tessera/sqlite-store'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { Pool } from 'pg'
import { FlagError } from './flags.ts'
import type { Flags } from './flags.ts'

/** A store, and how to let go of what it was opened on. */
export interface OpenStore {
  readonly store: TokenStore
  readonly close: () => void
}

interface Leases {
  readonly leaseMs?: number
}

/**
 * @param leaseMs The length of a lease; `null` for none.
 * @throws FlagError for a URL that names no store
 */
export async function openStore({ store: url, leaseMs }: Pick<Flags, 'store' | 'leaseMs'>): Promise<OpenStore> {
  const leases = leaseMs === null ? {} : { leaseMs }
  if (url === 'memory:') return { store: memoryStore(leases), close: () => {} }
  if (/^rediss?:\/\/\S+$/.test(url) && URL.canParse(url)) return openRedis(url, leases)
  const [, file] = /^sqlite:(?=.)(.*)$/s.exec(url) ?? []
  if (file !== undefined) return openSqlite(file, leases)
  if (/^postgres(ql)?:\/\/\S+$/.test(url) && URL.canParse(url)) return openPostgres(url, leases)
  // The URL itself may hold a password.
  throw new FlagError('--store must be memory:, sqlite:FILE, redis://host:port/db or postgres://user@host:port/db')
}

function openSqlite(file: string, leases: Leases): OpenStore {
  const database = openFile(file)
  return { store: sqliteStore(database, leases), close: () => void database.close() }
}

function openFile(file: string): Database.Database {
  try {
    return new Database(file)
  } catch {
    throw new FlagError(`--store names a file that cannot be opened: ${file}`)
  }
}

function openRedis(url: string, leases: Leases): OpenStore {
  const client = new Redis(url, { retryStrategy: (attempt) => Math.min(attempt * 50, 500), maxLoadingRetryTime: 200 })
  // The client connects again by itself. What fails meanwhile is answered with 503, and told of, where it is asked for.
  client.on('error', () => {})
  return { store: redisStore(client, leases), close: () => client.disconnect() }
}

async function openPostgres(url: string, leases: Leases): Promise<OpenStore> {
  const pool = new Pool({ connectionString: url })
  // A demonstration makes its tables itself. An app's role may not, and its deployment does it.
  await migrate(pool)
  return {
    // The promise of an answer within 2 s leaves the store this long.
    store: postgresStore(pool, { deadlineMs: 1_500, ...leases }),
    close() {
      void pool.end()
      // A server that hangs never closes its connections.
      setTimeout(() => process.exit(), 500).unref()
    },
  }
}
