import { hasMethods, isFunction } from '@tessera/core'
import type { Driver } from './driver.ts'
import { pgPoolDriver } from './pg-pool.ts'
import type { PgPool } from './pg-pool.ts'
import { pgliteDriver } from './pglite.ts'
import type { Pglite } from './pglite.ts'
import { postgresJsDriver } from './postgres-js.ts'
import type { PostgresJs } from './postgres-js.ts'

/** A `Pool` of `pg`, a `sql` of postgres.js, or a PGlite. */
export type PostgresPool = PgPool | PostgresJs | Pglite

/** @throws TypeError for anything else. It names the thing to pass instead. */
export function driverOf(factory: string, pool: PostgresPool): Driver {
  if (isPostgresJs(pool)) return postgresJsDriver(pool)
  if (isPgPool(pool)) return pgPoolDriver(pool)
  if (isPglite(pool)) return pgliteDriver(pool)
  throw new TypeError(`${factory}: pool must be a Pool of pg, a sql of postgres.js or a PGlite${insteadOf(pool)}`)
}

function isPgPool(pool: PostgresPool): pool is PgPool {
  return hasMethods(pool, ['connect', 'query', 'on']) && 'totalCount' in pool && !('release' in pool)
}

function isPostgresJs(pool: PostgresPool): pool is PostgresJs {
  return isFunction(pool) && has(pool, ['unsafe', 'typed', 'begin']) && 'options' in pool
}

function isPglite(pool: PostgresPool): pool is Pglite {
  return hasMethods(pool, ['query', 'exec', 'transaction', 'runExclusive'])
}

/** The way from something alike to a pool, by its marks. */
const ALIKE: readonly (readonly [marks: readonly string[], instead: string])[] = [
  [['savepoint', 'unsafe'], 'a sql of a transaction: pass the sql that begins it'],
  [['release', 'unsafe'], 'a reserved connection: pass the sql that reserved it'],
  [['rollback', 'query', 'exec'], 'a transaction of PGlite: pass the PGlite that began it'],
  [['release', 'query'], 'one connection of a pool: pass the Pool itself'],
  [['$client'], 'a Drizzle database: pass its $client'],
  [['$pool'], 'a database of pg-promise: pass its $pool'],
  [['selectFrom', 'insertInto'], 'a Kysely: pass the pool of its dialect'],
  [['raw', 'schema', 'migrate'], 'a Knex: it hides its connections, so make a Pool of pg beside it'],
  [['$connect', '$transaction'], 'a PrismaClient: pass the pool of its adapter, or a Pool of pg'],
  [['createQueryRunner'], 'a TypeORM DataSource: it hides its connections, so make a Pool of pg beside it'],
  [['getQueryInterface'], 'a Sequelize: it hides its connections, so make a Pool of pg beside it'],
  [['connect', 'query', 'end'], 'a Client of pg: one connection would hold up everything, so pass a Pool'],
]

function insteadOf(pool: unknown): string {
  if (typeof pool === 'string') return '; this is a string: pass new Pool({ connectionString })'
  if (pool instanceof Promise) return '; this is a promise: await it first'
  if ((typeof pool !== 'object' && typeof pool !== 'function') || pool === null) return ''
  const [, instead = null] = ALIKE.find(([marks]) => marks.every((mark) => mark in pool)) ?? []
  if (instead !== null) return `; this is ${instead}`
  return isFunction(pool) ? '; this is a function: call it, if it makes a pool' : ''
}

function has(value: object, methods: readonly string[]): boolean {
  return methods.every((name) => isFunction(Reflect.get(value, name)))
}
