import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { migrate, postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import { sqliteStore } from '@tessera/sqlite-store'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { Pool } from 'pg'
import { FlagError } from './flags.ts'

/** A store, and how to let go of what it was opened on. */
export interface OpenStore {
  readonly store: TokenStore
  readonly close: () => void
}

/** @throws FlagError for a URL that names no store */
export async function openStore(url: string): Promise<OpenStore> {
  if (url === 'memory:') return { store: memoryStore(), close: () => {} }
  const [, file] = /^sqlite:(?=.)(.*)$/s.exec(url) ?? []
  if (file !== undefined) return openSqlite(file)
  if (/^rediss?:\/\/\S+$/.test(url) && URL.canParse(url)) return openRedis(url)
  if (/^postgres(ql)?:\/\/\S+$/.test(url) && URL.canParse(url)) return openPostgres(url)
  // The URL itself may hold a password.
  throw new FlagError('--store must be memory:, sqlite:FILE, redis://host:port/db or postgres://user@host:port/db')
}

function openSqlite(file: string): OpenStore {
  const database = openFile(file)
  return { store: sqliteStore(database), close: () => void database.close() }
}

function openFile(file: string): Database.Database {
  try {
    return new Database(file)
  } catch {
    throw new FlagError(`--store names a file that cannot be opened: ${file}`)
  }
}

function openRedis(url: string): OpenStore {
  const client = new Redis(url, { retryStrategy: (attempt) => Math.min(attempt * 50, 500), maxLoadingRetryTime: 200 })
  // The client connects again by itself. What fails meanwhile is answered with 503, and told of, where it is asked for.
  client.on('error', () => {})
  return { store: redisStore(client), close: () => client.disconnect() }
}

async function openPostgres(url: string): Promise<OpenStore> {
  const pool = new Pool({ connectionString: url })
  // A demonstration makes its tables itself. An app's role may not, and its deployment does it.
  await migrate(pool)
  return {
    // The promise of an answer within 2 s leaves the store this long.
    store: postgresStore(pool, { deadlineMs: 1_500 }),
    close() {
      void pool.end()
      // A server that hangs never closes its connections.
      setTimeout(() => process.exit(), 500).unref()
    },
  }
}
