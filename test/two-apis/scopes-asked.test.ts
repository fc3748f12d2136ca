import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { migrate, postgresStore } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import { openStores } from './stores.ts'

const DAY_MS = 86_400_000
const MANY = Array.from({ length: 40 }, (_, at) => `scope:${at}:${'~'.repeat(100)}`)

const stores = await openStores()
const server = hasPostgres ? await startPostgres() : null
const pool = server && new Pool({ connectionString: server.url })
afterAll(async () => {
  await pool?.end()
  await Promise.all([stores.stop(), server?.stop()])
})

async function onPostgres(): Promise<TokenStore> {
  if (pool === null) throw new Error('there is no PostgreSQL')
  await migrate(pool)
  return postgresStore(pool)
}

const { memory: _memory, ...others } = stores.create
const cases: [string, () => TokenStore | Promise<TokenStore>][] = Object.entries(others)
if (hasPostgres) cases.push(['postgres', onPostgres])

describe.each(cases)('the scopes asked of tokens, %s', (_, create) => {
  it('are kept through restarts, of many processes, for each API', async () => {
    const store = await create()
    // The store's clock is real.
    const clock = { now: Date.now() - 20 * DAY_MS }
    const open = (prefix: string) =>
      createTokens({ store, prefix, now: () => clock.now, recordScopesAsked: true, onError: () => undefined })
    const scopes = ['jobs:read', 'jobs:write', 'nodes:read', 'nodes:write']
    const first = open('ot_pat')
    const { token, secret } = await first.issue({ owner: 'acme', name: 'CI', scopes: [...scopes, ...MANY] })
    await first.verify(secret, { scopes: MANY })
    await first.close()
    clock.now += 15 * DAY_MS
    const processes = [open('ot_pat'), open('ot_pat'), open('ot_pat')]
    await Promise.all(processes.map((each, at) => each.verify(secret, { scopes: scopes.slice(at, at + 1) })))
    await Promise.all(processes.map((each) => each.close()))
    clock.now += 5 * DAY_MS
    const [report] = await open('ot_pat').report('acme', { days: 10 })
    expect(report).toMatchObject({ token: { id: token.id }, since: new Date(clock.now - 20 * DAY_MS) })
    expect(report?.unasked).toEqual(['nodes:write', ...MANY])
    expect(await open('tok_live').report('acme')).toEqual([])
  })
})
