import { migrate } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { describe, it } from 'vitest'
import { hasPostgres, startProxy, startWithStandby } from '../../postgres/index.ts'
import { givenTokens } from '../failovers/given-tokens.ts'
import { observe } from '../failovers/observation.ts'
import { timeService } from '../failovers/service.ts'
import { expectPromiseKept } from '../outcome.ts'
import { openOnPostgres, openPostgresWriter } from './processes.ts'

async function makeTables(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url })
  await migrate(pool)
  await pool.end()
}

describe.skipIf(!hasPostgres)('a failover to an asynchronous standby', { timeout: 60_000 }, () => {
  it('has nothing accepted that only the lost primary knew, and nothing that was revoked before', async (test) => {
    await using servers = await startWithStandby()
    await using address = await startProxy(servers.primary.port)
    await makeTables(servers.primary.url)
    await using first = openPostgresWriter(servers.primary.port)
    await using processes = openOnPostgres(address.port)
    const { secrets, revokeBy } = await givenTokens(first, processes)
    await revokeBy(first)
    await servers.caughtUp()

    servers.link.vanish()
    // The change feed of the standby ends as the primary's does: an issue is not announced.
    const lost = await first.tokens.issue({ owner: 'acme', name: 'lost', scopes: [] })
    for (const { tokens } of processes.all) test.expect(await tokens.verify(lost.secret)).toMatchObject({ ok: true })
    await servers.primary.kill()
    await servers.promote()
    address.retarget(servers.standby.port)
    const service = timeService(processes.all, secrets.active)

    const observations = [
      observe('PostgreSQL, standby without the last issue', processes.all, { ...secrets, revoked: lost.secret }),
      observe('PostgreSQL, standby with the revocation', processes.all, secrets),
    ]
    for (const observation of observations) expectPromiseKept(test, await observation.end(service))
  })

  it('has nothing revoked accepted by processes that are still connected to the old primary', async (test) => {
    await using servers = await startWithStandby()
    await using address = await startProxy(servers.primary.port)
    await makeTables(servers.primary.url)
    await using first = openPostgresWriter(servers.primary.port)
    await using processes = openOnPostgres(address.port)
    const { secrets, revokeBy } = await givenTokens(first, processes)
    await servers.caughtUp()
    await servers.promote()
    await using writer = openPostgresWriter(servers.standby.port)
    await revokeBy(writer)
    // Whoever connects from here on comes to the new primary, and the connections that there are stay where they are.
    address.retarget(servers.standby.port)
    await servers.primary.kill()
    const service = timeService(processes.all, secrets.active)
    const observation = observe('PostgreSQL, old primary killed after the promotion', processes.all, secrets)
    expectPromiseKept(test, await observation.end(service))
  })
})
