import { Pool } from 'pg'
import { createTokens } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { sampleRecord } from '../../../test/support/sample-record.ts'
import { migrate } from './migrations/migrate.ts'
import { postgresStore } from './postgres-store.ts'

const INSTANTS = [
  '1970-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2026-03-29T01:30:00.001Z',
  '2255-06-05T23:47:34.741Z',
  '9999-12-31T23:59:59.999Z',
]

describe.skipIf(!hasPostgres)('readable_tokens', () => {
  let server: PostgresServer
  let pool: Pool

  beforeAll(async () => {
    server = await startPostgres({ settings: { timezone: 'Europe/Berlin' } })
    pool = new Pool({ connectionString: server.url })
    await migrate(pool)
  })

  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  it('shows tokens with instants, and neither digests nor sealed secrets', async () => {
    const store = postgresStore(pool, { deadlineMs: 20_000 })
    await using tokens = createTokens({ store, prefix: 'ot_pat' })
    const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'], createdBy: 'ada' })
    await tokens.rotateSecret(secret)
    await tokens.revoke('acme', token.id, { reason: 'leaked' })
    const record = await store.find('acme', token.id)
    const { rows } = await pool.query<Record<string, unknown>>('select * from tessera.readable_tokens where id = $1', [
      token.id,
    ])
    const revokedAt = new Date(record?.revokedAt ?? Number.NaN)
    expect(rows).toMatchObject([
      {
        owner: 'acme',
        name: 'CI',
        scopes: ['jobs:read'],
        created_by: 'ada',
        created_at: token.createdAt,
        revoked_at: revokedAt,
      },
    ])
    expect(rows).toMatchObject([
      { preview: token.preview, revoked_reason: 'leaked', expires_at: null, ended_at: revokedAt },
    ])
    const text = JSON.stringify((await pool.query('select * from tessera.readable_tokens')).rows)
    expect(text).toContain(token.id)
    expect(text).not.toContain(record?.digest)
    expect(text).not.toMatch(/seal/i)
  })

  it.each(INSTANTS)('is exact for %s', async (instant) => {
    const store = postgresStore(pool, { deadlineMs: 20_000 })
    const record = sampleRecord({ expiresAt: Date.parse(instant) })
    await store.change('acme', { ids: [record.id], key: null }, () => ({ answer: null, add: [record] }))
    const text = `to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    const { rows } = await pool.query(`select ${text} as at from tessera.readable_tokens where id = $1`, [record.id])
    expect(rows).toEqual([{ at: instant.replace('Z', '000Z') }])
  })
})
