import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { cachedStore } from '@tessera/cached-store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProcess } from '../../../test/support/run-process.ts'
import { DRIVERS, openFiles } from '../testing/drivers.ts'
import { sqliteStore } from './sqlite-store.ts'

const scripts = join(import.meta.dirname, '../testing')

function run(script: string, ...args: readonly string[]) {
  return runProcess(process.execPath, [join(scripts, script), ...args])
}

describe.each(DRIVERS)('several connections to one file, with %s', (_, connect) => {
  let files: ReturnType<typeof openFiles>

  beforeEach(() => {
    files = openFiles(connect)
  })

  afterEach(() => files[Symbol.dispose]())

  it('hold the limit of active tokens exactly, in three processes at once', async () => {
    const { file } = files.create()
    const processes = [1, 2, 3].map(() => run('issue-many.mjs', file, '40', '25'))
    const lines = await Promise.all(processes.map((each) => each.firstLine()))
    await Promise.all(processes.map(({ exit }) => exit))
    const outcomes = lines.map((line) => JSON.parse(line) as { readonly issued: number; readonly refusals: string[] })
    expect(outcomes.reduce((sum, { issued }) => sum + issued, 0)).toBe(25)
    expect([...new Set(outcomes.flatMap(({ refusals }) => refusals))]).toEqual(['active_limit_reached'])
  })

  it('wait for a lock of another process while the event loop goes on', async () => {
    const { file, connection } = files.create()
    const store = sqliteStore(connection, { deadlineMs: 10_000 })
    await store.ready()
    const holder = run('hold-lock.mjs', file, '2000')
    await holder.firstLine()
    const before = performance.eventLoopUtilization()
    await using tokens = createTokens({ store, prefix: 'ot_pat' })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const { active, idle } = performance.eventLoopUtilization(before)
    expect(active + idle).toBeGreaterThan(1_000)
    expect(active).toBeLessThan(idle)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await holder.exit
  })

  it('fail to change as store_unavailable if the lock is held past the deadline, verify and count, and go on after it', async () => {
    const { file, connection } = files.create()
    await using tokens = createTokens({ store: sqliteStore(connection, { deadlineMs: 100 }), prefix: 'ot_pat' })
    const request = { owner: 'acme', name: 'CI', scopes: [] }
    const { secret } = await tokens.issue(request)
    const holder = files.open(file)
    holder.exec('begin immediate')
    await expect(tokens.issue(request)).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: 'another connection kept the database locked for 100 ms' },
    })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    expect(await tokens.usage('acme')).toEqual({ active: 1, limit: 25 })
    holder.exec('rollback')
    await expect(tokens.issue(request)).resolves.toMatchObject({ replayed: false })
  })

  it('refuse a token behind a confirmed cache from the acknowledgement of its end on', async () => {
    const { file, connection } = files.create()
    await using near = createTokens({
      store: cachedStore(sqliteStore(connection), { freshness: 'confirmed' }),
      prefix: 'ot_pat',
    })
    await using far = createTokens({ store: sqliteStore(files.open(file)), prefix: 'ot_pat' })
    const { secret, token } = await near.issue({ owner: 'acme', name: 'CI', scopes: [] })
    expect(await near.verify(secret)).toMatchObject({ ok: true })
    await far.suspend('acme', token.id)
    expect(await near.verify(secret)).toEqual({ ok: false, reason: 'suspended' })
    await far.resume('acme', token.id)
    expect(await near.verify(secret)).toMatchObject({ ok: true })
    await far.revokeAll('acme')
    expect(await near.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('lose no acknowledged change of a process that is killed', async () => {
    const { file, connection } = files.create()
    const store = sqliteStore(connection, { changesKept: 10_000 })
    const before = await store.feed.revision()
    const worker = run('revoke-until-killed.mjs', file)
    await worker.firstLine()
    while (worker.stdout().length < 4_000) await new Promise(setImmediate)
    await worker.end('SIGKILL')
    const acknowledged = worker.stdout().split('\n').slice(0, -1)
    await using tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: null })
    for (const id of acknowledged) expect(await tokens.get('acme', id)).toMatchObject({ status: 'revoked' })
    const sort = { by: 'createdAt', direction: 'asc' } as const
    const all = {
      owner: 'acme',
      prefixes: ['ot_pat'],
      now: Date.now(),
      statuses: ['revoked'],
      name: null,
      sort,
      window: 'all',
    } as const
    const { records } = await store.list(all)
    const { digests } = await store.feed.changesSince(before)
    expect(digests).toEqual(expect.arrayContaining(records.map(({ digest }) => digest)))
  })
})
