import { PGlite } from '@electric-sql/pglite'
import { testTokenStore } from '@tessera/store-conformance'
import { Pool } from 'pg'
import { afterAll } from 'vitest'
import { triesAll } from '../../../test/support/how-much.ts'
import { hasPgbouncer, hasPostgres, startPgbouncer, startPostgres } from '../../../test/postgres/index.ts'
import { cached, conformanceSubject } from '../testing/conformance-subject.ts'
import { openPg, openPostgresJs } from '../testing/drivers.ts'
import type { OpenDriver } from '../testing/drivers.ts'
import { schemasIn } from '../testing/schemas.ts'

/** Each of some hundred stores would warn that the pooler keeps no names. */
const UNNAMED = { preparedStatements: false }

const opened: AsyncDisposable[] = []
afterAll(async () => {
  for (const each of opened.reverse()) await each[Symbol.asyncDispose]()
})

const four = (open: OpenDriver, url: string) =>
  Array.from({ length: 4 }, () => {
    const each = open(url, 2)
    opened.push(each)
    return each.pool
  })

if (hasPostgres) {
  const server = await startPostgres()
  opened.push(server)
  const admin = new Pool({ connectionString: server.url, max: 1, idleTimeoutMillis: 0 })
  opened.push({ [Symbol.asyncDispose]: () => admin.end() })
  const schemas = schemasIn((script) => admin.query(script))
  testTokenStore('postgres-store on pg', conformanceSubject(four(openPg, server.url), schemas))
  // It differs in the driver alone, which has tests of its own; those below in the pooler as well.
  if (triesAll)
    testTokenStore('postgres-store on postgres.js', conformanceSubject(four(openPostgresJs, server.url), schemas))

  if (triesAll && hasPgbouncer) {
    const pgbouncer = await startPgbouncer(server, { mode: 'transaction' })
    opened.push(pgbouncer)
    const behind = conformanceSubject(four(openPostgresJs, pgbouncer.url), schemas, { inFront: cached, ...UNNAMED })
    testTokenStore('postgres-store on postgres.js behind pgbouncer, in a cached-store', behind)
    testTokenStore(
      'postgres-store on pg behind pgbouncer',
      conformanceSubject(four(openPg, pgbouncer.url), schemas, UNNAMED),
    )
  }
}

if (triesAll || !hasPostgres) {
  const database = await PGlite.create()
  opened.push(database)
  const schemas = schemasIn((script) => database.exec(script))
  testTokenStore('postgres-store on PGlite', conformanceSubject([database], schemas))
}
