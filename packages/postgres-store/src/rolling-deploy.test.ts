import { createTokens } from '@tessera/core'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { openPg } from '../testing/drivers.ts'
import { callEveryVerb } from '../testing/every-verb.ts'
import type { PgClient, PgPool } from './driver/pg-pool.ts'
import { driverOf } from './driver/which-driver.ts'
import { migrate, runScripts } from './migrations/migrate.ts'
import { grantSql } from './migrations/grant-sql.ts'
import { scripts } from './migrations/scripts.ts'
import { postgresStore } from './postgres-store.ts'

const FUNCTION = /^create function tessera\.\w+_v1\([\s\S]*?^\$\$;$/gm
const LIMIT = 25

/** A later layout as it would be: another fact, and functions of its own beside the former ones. */
const functions = scripts.join('\n').match(FUNCTION) ?? []
const LAYOUT_2 = [
  "alter table tessera.tokens add later text not null default 'later';",
  ...functions.map((text) => text.replaceAll('_v1', '_v2')),
  'insert into tessera.migrations (layout) values (2);',
].join('\n')
/** One release later, the former functions go. */
const LAYOUT_3 = [
  ...functions
    .map((text) => /^create function (tessera\.\w+)/.exec(text)?.[1] ?? '')
    .toReversed()
    .map((name) => `drop function ${name} cascade;`),
  'insert into tessera.migrations (layout) values (3);',
].join('\n')

/** The next version of a store calls the functions of layout 2. */
function ofNextVersion(pool: Pool): Pool {
  const connect: PgPool['connect'] = (callback) => {
    ;(pool as unknown as PgPool).connect((error, client, release) => {
      callback(error, client && nextVersionOf(client), release)
    })
  }
  return new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name)) as unknown,
  })
}

function nextVersionOf(client: PgClient): PgClient {
  return {
    on: (...args) => client.on(...args),
    removeListener: (...args) => client.removeListener(...args),
    query(query, callback) {
      const { text, name } = query as { readonly text: string; readonly name?: string }
      client.query({ ...query, text: text.replaceAll('_v1', '_v2'), ...(name && { name: `${name}2` }) }, callback)
    },
  }
}

describe.skipIf(!hasPostgres)('a fleet on its way from one layout to the next', () => {
  let server: PostgresServer
  let owner: Pool

  beforeAll(async () => {
    server = await startPostgres()
    owner = new Pool({ connectionString: server.url })
    await owner.query('create role app login')
    await migrate(owner)
    await owner.query(grantSql({ role: 'app' }))
  })

  afterAll(async () => {
    await owner.end()
    await server.stop()
  })

  it('keeps every promise while the old and the new version run, and the migration between them', async () => {
    const url = server.url.replace('postgres@', 'app@')
    await using first = openPg(url)
    await using second = openPg(url)
    const old = postgresStore(first.pool, { deadlineMs: 20_000 })
    const next = postgresStore(ofNextVersion(second.pool), { deadlineMs: 20_000 })
    const open = (store: typeof old) => createTokens({ store, prefix: 'ot_pat', activeLimit: LIMIT })
    const [before, after] = [open(old), open(next)]
    const issue = (tokens: typeof before) => tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })

    const start = await old.feed.revision()
    const { secret, token } = await issue(before)
    expect(functions.length).toBeGreaterThan(5)
    const working = Promise.all(Array.from({ length: 5 }, (_, round) => callEveryVerb(old, `while ${round}`)))
    await runScripts(driverOf('migrate', owner), 'tessera', [...scripts, LAYOUT_2])
    await owner.query(grantSql({ role: 'app' }))
    await working
    await Promise.all([callEveryVerb(old, 'old'), callEveryVerb(next, 'new')])

    expect(await after.verify(secret)).toMatchObject({ ok: true })
    await after.revoke('acme', token.id)
    expect(await before.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    const revision = await before.revoke('acme', (await issue(after)).token.id).then(() => next.feed.revision())
    expect(revision).toBe(await old.feed.revision())
    expect((await next.feed.changesSince(start)).digests).not.toBe('reset')
    const issued = await Promise.allSettled(
      Array.from({ length: 2 * LIMIT }, (_, turn) => issue(turn % 2 === 0 ? before : after)),
    )
    expect(issued.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT)

    await runScripts(driverOf('migrate', owner), 'tessera', [...scripts, LAYOUT_2, LAYOUT_3])
    await callEveryVerb(next, 'newer')
    await expect(issue(before)).rejects.toThrow('of another layout: ask ready() for the migration')
    await expect(old.ready()).rejects.toThrow('the tables have layout 3, and this version knows layout 1: upgrade')
    await Promise.all([before.close(), after.close()])
  })
})
