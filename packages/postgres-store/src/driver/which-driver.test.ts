import { PGlite } from '@electric-sql/pglite'
import { Client, Pool } from 'pg'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { driverOf } from './which-driver.ts'

const toldApart = (pool: unknown) => driverOf('postgresStore', pool as never)
const method = () => {}

describe('driverOf', () => {
  it('takes a Pool of pg, a sql of postgres.js and a PGlite, and opens none of them', () => {
    const pool = new Pool()
    expect(toldApart(pool)).toBeTypeOf('function')
    expect(pool.totalCount).toBe(0)
    expect(toldApart(postgres())).toBeTypeOf('function')
    expect(toldApart(Object.create(PGlite.prototype))).toBeTypeOf('function')
  })

  it.each([
    ['a connection string', 'postgres://localhost/app', 'this is a string: pass new Pool({ connectionString })'],
    ['a Client of pg', new Client(), 'this is a Client of pg: one connection would hold up everything, so pass a Pool'],
    [
      'a connection of a pool',
      { query: method, connect: method, end: method, release: method },
      'pass the Pool itself',
    ],
    ['a promise', Promise.resolve(), 'this is a promise: await it first'],
    ['postgres itself', postgres, 'this is a function: call it, if it makes a pool'],
    [
      'a transaction of postgres.js',
      Object.assign(() => {}, { unsafe: method, savepoint: method }),
      'pass the sql that',
    ],
    [
      'a reserved connection',
      Object.assign(() => {}, { unsafe: method, release: method }),
      'pass the sql that reserved',
    ],
    ['a transaction of PGlite', { query: method, exec: method, rollback: method }, 'pass the PGlite that began it'],
    ['Drizzle', { $client: {}, select: method }, 'this is a Drizzle database: pass its $client'],
    ['pg-promise', { $pool: {}, query: method, connect: method }, 'pass its $pool'],
    ['Kysely', { selectFrom: method, insertInto: method }, 'pass the pool of its dialect'],
    ['Knex', Object.assign(() => {}, { raw: method, schema: {}, migrate: {} }), 'make a Pool of pg beside it'],
    ['Prisma', { $connect: method, $transaction: method }, 'pass the pool of its adapter'],
    ['TypeORM', { createQueryRunner: method, query: method }, 'make a Pool of pg beside it'],
    ['Sequelize', { getQueryInterface: method, query: method }, 'make a Pool of pg beside it'],
  ])('says what to pass instead of %s', (_, pool, instead) => {
    expect(() => toldApart(pool)).toThrow(TypeError)
    expect(() => toldApart(pool)).toThrow(
      'postgresStore: pool must be a Pool of pg, a sql of postgres.js or a PGlite; ',
    )
    expect(() => toldApart(pool)).toThrow(instead)
  })

  it.each([[undefined], [null], [5], [{}], [[]], [Symbol('pool')]])('refuses %s', (pool) => {
    expect(() => toldApart(pool)).toThrow(/^postgresStore: pool must be [^;]+$/)
  })
})
