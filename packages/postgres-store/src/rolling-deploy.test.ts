import { createTokens } from '@tessera/core'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { openPg } from '../testing/drivers.ts'
import { callEveryVerb } from '../testing/every-verb.ts'
import { withStatements } from '../testing/with-statements.ts'
import { driverOf } from './driver/which-driver.ts'
import { migrate, runScripts } from './migrations/migrate.ts'
import { grantSql } from './migrations/grant-sql.ts'
import { LAYOUT } from './migrations/layout.ts'
import { scripts } from './migrations/scripts.ts'
import { postgresStore } from './postgres-store.ts'

const FUNCTION = /^create (?:or replace )?function (tessera\.\w+_v\d)\([\s\S]*?^\$\$;$/gm
const LIMIT = 25

/** A later layout as it would be: another fact, and functions of its own beside the former ones. */
const functions = new Map([...scripts.join('\n').matchAll(FUNCTION)].map(([text, name = '']) => [name, text]))
const laterIn = (text: string): string => text.replaceAll(/_v(\d)\b/g, '_later$1')
const LATER = [
  "alter table tessera.tokens add later text not null default 'later';",
  // A body names what may come after it.
  'set check_function_bodies = off;',
  ...[...functions.values()].map(laterIn),
  'reset check_function_bodies;',
  `insert into tessera.migrations (layout) values (${LAYOUT + 1});`,
].join('\n')
/** One release later, the former functions go. */
const LATEST = [
  ...[...functions.keys()].toReversed().map((name) => `drop function ${name} cascade;`),
  `insert into tessera.migrations (layout) values (${LAYOUT + 2});`,
].join('\n')

/** The next version of a store calls the functions of the later layout. */
const ofNextVersion = (pool: Pool): Pool => withStatements(pool, (text, values) => [laterIn(text), values])

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
    expect(functions.size).toBeGreaterThan(5)
    const working = Promise.all(Array.from({ length: 5 }, (_, round) => callEveryVerb(old, `while ${round}`)))
    await runScripts(driverOf('migrate', owner), 'tessera', [...scripts, LATER])
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

    await runScripts(driverOf('migrate', owner), 'tessera', [...scripts, LATER, LATEST])
    await callEveryVerb(next, 'newer')
    await expect(issue(before)).rejects.toThrow('of another layout: ask ready() for the migration')
    const foreign = `the tables have layout ${LAYOUT + 2}, and this version knows layout ${LAYOUT}: upgrade`
    await expect(old.ready()).rejects.toThrow(foreign)
    await Promise.all([before.close(), after.close()])
  })
})
