import { setTimeout as wait } from 'node:timers/promises'
import { digestSecret } from '@tessera/core'
import { migrate } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { isLongRun } from '../../support/how-much.ts'
import { hasPostgres, startPostgres } from '../../postgres/index.ts'
import type { PostgresServer } from '../../postgres/index.ts'
import { acknowledged } from '../failovers/given-tokens.ts'
import type { Process } from '../failovers/processes.ts'
import { timeService } from '../failovers/service.ts'
import { addOutcomes } from '../outcome.ts'
import { seededRandom } from '../random.ts'
import { SEED, TIMEOUT_MS } from '../settings.ts'
import { RECOVERY_MS } from '../tally.ts'
import { openOnPostgres, openPostgresWriter } from './processes.ts'

const WRITERS = 32
const KILLS = isLongRun ? 8 : 2
const OWNER = 'acme'

interface Revoked {
  readonly id: string
  readonly secret: string
}

/** Issues and revokes until it is told to end; resolves to what was acknowledged. */
async function write({ tokens }: Process, signal: AbortSignal): Promise<readonly Revoked[]> {
  const revoked: Revoked[] = []
  while (!signal.aborted) {
    const { token, secret } = await acknowledged(() => tokens.issue({ owner: OWNER, name: 'ci', scopes: [] }))
    await acknowledged(() => tokens.revoke(OWNER, token.id))
    revoked.push({ id: token.id, secret })
  }
  return revoked
}

/** Each entry of the change feed, in its order. */
async function readFeed(pool: Pool): Promise<readonly { readonly n: string; readonly digest: string | null }[]> {
  const { rows } = await pool.query<{ n: string; digest: string | null }>(
    'select n, digest from tessera.changes order by n',
  )
  return rows
}

describe.skipIf(!hasPostgres)('a PostgreSQL that is killed under 32 writers', { timeout: TIMEOUT_MS }, () => {
  it('keeps all that was acknowledged, and has told of it without a gap', async ({ task }) => {
    const random = seededRandom(SEED)
    await using server: PostgresServer = await startPostgres()
    const pool = new Pool({ connectionString: server.url })
    pool.on('error', () => {})
    await migrate(pool)
    // Without leases: a writer that waits does not write.
    await using processes = openOnPostgres(server.port, {})
    await using first = openPostgresWriter(server.port, {})
    await using second = openPostgresWriter(server.port, {})
    const witness = await first.tokens.issue({ owner: OWNER, name: 'witness', scopes: [] })
    const end = new AbortController()
    const writing = Array.from({ length: WRITERS }, (_, number) => write(number % 2 ? first : second, end.signal))

    const times: number[] = []
    for (let count = 0; count < KILLS; count += 1) {
      await wait(300 + random.below(500))
      await server.kill()
      await server.restart()
      const service = await timeService(processes.all, witness.secret)
      times.push(...service.map((ms) => ms ?? Number.POSITIVE_INFINITY))
    }
    end.abort()
    const revoked = (await Promise.all(writing)).flat()

    let accepted = 0
    for (const { secret } of revoked) {
      for (const { tokens } of processes.all) if ((await tokens.verify(secret)).ok) accepted += 1
    }
    const feed = await readFeed(pool)
    await pool.end()
    const uses = revoked.length * processes.all.length
    const backAfterMs = Math.max(...times)
    const scenario = `PostgreSQL killed ${KILLS} times`
    addOutcomes(task, [
      { scenario, process: '32 writers', uses, accepted, lastAcceptedMs: null, unavailable: 0, backAfterMs },
    ])
    expect(accepted, `seed ${SEED}`).toBe(0)
    expect(backAfterMs).toBeLessThan(RECOVERY_MS)
    expect(revoked.length).toBeGreaterThan(WRITERS)
    const told = new Set(feed.map(({ digest }) => digest))
    expect(revoked.filter(({ secret }) => !told.has(digestSecret(secret)))).toEqual([])
    expect(feed.map(({ n }) => Number(n))).toEqual(feed.map((_, index) => Number(feed[0]?.n) + index))
  })
})
