import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../postgres/index.ts'
import type { Process } from '../failovers/processes.ts'
import { timeService } from '../failovers/service.ts'
import { addOutcomes } from '../outcome.ts'
import { RECOVERY_MS } from '../tally.ts'
import { openOnPostgres, openPostgresWriter } from './processes.ts'

const DISK_MB = 96
const OWNER = 'acme'

/** A small disk of its own, in memory. */
interface SmallDisk extends AsyncDisposable {
  readonly folder: string
  /** Leaves no room on it. */
  fill(): Promise<void>
  clear(): Promise<void>
}

/** `null` where this process may mount none. */
function mountDisk(): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return null
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    async fill() {
      const { bavail, bsize } = await statfs(folder)
      const file = await open(filler, 'w')
      await file.write(Buffer.alloc(bavail * bsize))
      await file.close()
    },
    clear: () => rm(filler),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}

/** Issues tokens until one is refused; resolves to the code of that. */
async function issueUntilRefused({ tokens }: Process): Promise<unknown> {
  for (let count = 0; count < 50_000; count += 1) {
    try {
      await tokens.issue({ owner: OWNER, name: 'x'.repeat(255), scopes: [] })
    } catch (error) {
      return (error as { code?: unknown }).code
    }
  }
  return 'none was refused'
}

const disk = hasPostgres ? mountDisk() : null

describe.skipIf(disk === null)('a PostgreSQL whose disk is full', { timeout: 60_000 }, () => {
  it('refuses to issue, keeps what was acknowledged, and serves again when there is room', async ({ task }) => {
    if (disk === null) return
    await using small = disk
    await using server = await startPostgres({ parent: small.folder })
    const pool = new Pool({ connectionString: server.url })
    pool.on('error', () => {})
    await migrate(pool)
    await using processes = openOnPostgres(server.port)
    await using writer = openPostgresWriter(server.port)
    const { tokens } = writer
    const kept = await tokens.issue({ owner: OWNER, name: 'kept', scopes: [] })
    const doomed = await tokens.issue({ owner: OWNER, name: 'doomed', scopes: [] })
    for (const process of processes.all) await process.tokens.verify(doomed.secret)

    await small.fill()
    expect(await issueUntilRefused(writer)).toBe('store_full')
    const isAcknowledged = await tokens.revoke(OWNER, doomed.token.id).then(
      () => true,
      () => false,
    )
    const uses = await Promise.all(processes.all.map(({ tokens }) => tokens.verify(doomed.secret).catch(() => null)))
    const accepted = uses.filter((use) => isAcknowledged && use?.ok).length

    await small.clear()
    const times = await timeService(processes.all, kept.secret)
    const backAfterMs = Math.max(...times.map((ms) => ms ?? Number.POSITIVE_INFINITY))
    const unavailable = uses.filter((use) => use === null).length
    const scenario = `PostgreSQL, disk full, revocation ${isAcknowledged ? 'acknowledged' : 'refused'}`
    addOutcomes(task, [
      { scenario, process: 'all', uses: uses.length, accepted, lastAcceptedMs: null, unavailable, backAfterMs },
    ])
    expect(accepted).toBe(0)
    expect(backAfterMs).toBeLessThan(RECOVERY_MS)
    await tokens.revoke(OWNER, doomed.token.id)
    for (const process of processes.all) {
      expect(await process.tokens.verify(doomed.secret)).toMatchObject({ ok: false, reason: 'revoked' })
    }
    await pool.end()
  })
})
