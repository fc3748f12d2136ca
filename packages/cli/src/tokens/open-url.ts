import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { Exit, exitCodes, usage } from '../terminal/exit-codes.ts'
import { lineOf } from '../terminal/line-of.ts'
import type { App, OpenedStore } from './app.ts'

interface Opened {
  readonly store: TokenStore & OpenedStore
  readonly clock?: () => Promise<number>
  readonly migrate?: App['migrate']
  readonly close: () => unknown
}

/** Loads a package of the folder of the app. */
type Load = <Module>(name: string) => Promise<Module>

type StoreOn<Name extends string> = Readonly<Record<Name, (client: unknown) => TokenStore & OpenedStore>>

interface RedisModule {
  readonly Redis: new (
    url: string,
    options: object,
  ) => {
    on(event: 'error', listener: () => void): unknown
    time(): Promise<readonly [seconds: unknown, micros: unknown]>
    disconnect(): void
  }
}

interface Pool {
  on(event: 'error', listener: () => void): unknown
  query(sql: string): Promise<{ readonly rows: readonly [{ readonly now: Date }] }>
  end(): Promise<void>
}

interface PgModule {
  readonly default: {
    readonly Pool: new (options: {
      readonly connectionString: string
      readonly connectionTimeoutMillis: number
    }) => Pool
  }
}

interface Migrations {
  migrate(pool: Pool): Promise<unknown>
  migrationSql(): string
}

const CONNECT_MS = 10_000

type OpenFile = new (file: string) => { close(): unknown }

/**
 * Opens a store by its URL: `redis://…`, `postgres://…` or `sqlite:FILE`. Its packages are those of the folder of the
 * command.
 *
 * @throws Exit for another URL, and for packages that are not installed
 */
export async function openUrl(url: string, prefix: string, cwd: string): Promise<App> {
  const [, open] = OPENERS.find(([pattern]) => pattern.test(url)) ?? []
  // The URL may hold a password.
  if (open === undefined) throw usage('a store is named by redis://…, postgres://… or sqlite:FILE')
  const { store, clock, migrate = null, close } = await open(url, loader(cwd), cwd)
  const tokens = createTokens({ store, prefix, onError: () => {} })
  return {
    tokens,
    store: Object.assign(Object.create(store), clock && { clock }),
    hasAudit: false,
    from: url.replace(/:.*$/s, ''),
    migrate,
    async close() {
      await tokens.close()
      await close()
    },
  }
}

const OPENERS: readonly (readonly [RegExp, (url: string, load: Load, cwd: string) => Promise<Opened>])[] = [
  [/^rediss?:\/\/\S+$/, openRedis],
  [/^postgres(ql)?:\/\/\S+$/, openPostgres],
  [/^sqlite:.+$/s, openSqlite],
]

async function openRedis(url: string, load: Load): Promise<Opened> {
  const { redisStore } = await load<StoreOn<'redisStore'>>('@tessera/redis-store')
  const { Redis } = await load<RedisModule>('ioredis')
  const make = () => new Redis(url, { maxRetriesPerRequest: 1 })
  const client = made(make, '--redis-url must be a URL such as redis://host:6379/0')
  client.on('error', () => {})
  const clock = async () => {
    const [seconds, micros] = await client.time()
    return Number(seconds) * 1_000 + Number(micros) / 1_000
  }
  return { store: redisStore(client), clock, close: () => client.disconnect() }
}

async function openPostgres(url: string, load: Load): Promise<Opened> {
  const { migrate, migrationSql, postgresStore } = await load<StoreOn<'postgresStore'> & Migrations>(
    '@tessera/postgres-store',
  )
  const { default: pg } = await load<PgModule>('pg')
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: CONNECT_MS })
  pool.on('error', () => {})
  return {
    store: postgresStore(pool),
    clock: async () => (await pool.query('select clock_timestamp() as now')).rows[0].now.getTime(),
    async migrate(dryRun) {
      if (dryRun) return migrationSql()
      await migrate(pool)
      return 'the tables are there'
    },
    close: () => pool.end(),
  }
}

async function openSqlite(url: string, load: Load, cwd: string): Promise<Opened> {
  const file = resolve(cwd, url.slice('sqlite:'.length))
  // A driver would make the file of a mistyped name, and the list would be empty.
  if (!existsSync(file)) throw usage(`there is no file ${file}: its app makes it`)
  const { sqliteStore } = await load<StoreOn<'sqliteStore'>>('@tessera/sqlite-store')
  const database = await openFile(file, load)
  return { store: sqliteStore(database), close: () => database.close() }
}

/** By the first driver of the app, else by Node's own, from Node 22 on. */
async function openFile(file: string, load: Load): Promise<{ close(): unknown }> {
  for (const name of ['libsql', 'better-sqlite3']) {
    const driver = await load<{ readonly default: OpenFile }>(name).catch(() => null)
    if (driver !== null) return opened(driver.default, file)
  }
  const native = await nodeSqlite()
  if (native === null) throw usage('install libsql or better-sqlite3 to open a file with this Node')
  return opened(native.DatabaseSync, file)
}

function opened(Database: OpenFile, file: string): { close(): unknown } {
  try {
    return new Database(file)
  } catch (error) {
    throw new Exit(exitCodes.store, `${file} cannot be opened: ${lineOf(error)}`)
  }
}

/** The error of a client may hold the URL with its password. */
function made<Client>(make: () => Client, right: string): Client {
  try {
    return make()
  } catch {
    throw usage(right)
  }
}

async function nodeSqlite(): Promise<{ readonly DatabaseSync: OpenFile } | null> {
  try {
    const name: string = 'node:sqlite'
    return await import(name)
  } catch {
    return null
  }
}

function loader(cwd: string): Load {
  const require = createRequire(join(cwd, 'package.json'))
  return async (name) => {
    const file = resolved(require, name)
    if (file === null) throw usage(`${name} is not installed here: npm install ${name}`)
    return import(pathToFileURL(file).href)
  }
}

function resolved(require: NodeJS.Require, name: string): string | null {
  try {
    return require.resolve(name)
  } catch {
    return null
  }
}
