import { randomUUID } from 'node:crypto'
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { allOf } from '../../testing/all-of.ts'
import { ROW, SECRET, open } from '../../testing/samples.ts'
import { shardedStore } from '../../testing/sharded-store.ts'
import { sanctum } from '../systems/sanctum.ts'
import { exportTokens } from './export-tokens.ts'
import type { ExportedRow } from './export-tokens.ts'
import { importTokens } from './import-tokens.ts'

async function exported() {
  const { tokens } = open({ activeLimit: null })
  await importTokens(tokens, [ROW], { from: sanctum() })
  const { secret, token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
  const rotated = await tokens.rotateSecret(secret, { overlapMs: 60_000 })
  const gone = await tokens.issue({ owner: 'other', name: 'gone', scopes: [] })
  await tokens.revoke('other', gone.token.id)
  await tokens.issue({ owner: 'left out', name: 'CI', scopes: [] })
  const rows = await allOf(exportTokens(tokens, ['acme', 'other', 'acme', 'nobody']))
  return { tokens, rows, secret, token, rotated, gone }
}

const throughJson = (rows: readonly ExportedRow[]): unknown[] => rows.map((row) => JSON.parse(JSON.stringify(row)))

describe('exportTokens', () => {
  it('exports records that another store takes whole: secrets, rotations and ends go on', async () => {
    const { rows, secret, rotated, gone } = await exported()
    for (const store of [memoryStore(), shardedStore()]) {
      const { tokens } = open({ store })
      expect(await importTokens(tokens, throughJson(rows), { dryRun: true })).toMatchObject({ imported: 5 })
      expect(await importTokens(tokens, throughJson(rows))).toMatchObject({ imported: 5, refused: 0 })
      expect(await importTokens(tokens, throughJson(rows))).toMatchObject({ imported: 0, present: 5 })
      expect(await allOf(exportTokens(tokens, ['acme', 'other']))).toEqual(expect.arrayContaining(rows))
      expect(await tokens.verify(SECRET)).toMatchObject({ ok: true })
      expect(await tokens.verify(gone.secret)).toEqual({ ok: false, reason: 'revoked' })
      expect(await tokens.rotateSecret(secret)).toMatchObject({ secret: rotated?.secret, replayed: true })
      expect(await tokens.verify(rotated?.secret)).toMatchObject({ ok: true })
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    }
  })

  it('brings back no token that was pruned since its import, nor by way of another store', async () => {
    const { rows, secret } = await exported()
    const store = shardedStore()
    const clock = { now: Date.now() }
    const [first, second] = [open({ store, now: () => clock.now }).tokens, open().tokens]
    await importTokens(first, rows)
    await first.revokeAll('acme')
    clock.now += 1
    await first.prune({ keepMs: 0 })
    await importTokens(second, throughJson(await allOf(exportTokens(first, ['acme', 'other']))))
    for (const tokens of [first, second]) {
      expect(await importTokens(tokens, rows, { dryRun: true })).toMatchObject({ imported: 0, present: 5 })
      expect(await importTokens(tokens, rows)).toMatchObject({ imported: 0, present: 5 })
      expect((await tokens.list('acme')).tokens).toEqual([])
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'unknown' })
    }
  })

  it('holds no secret', async () => {
    const { rows, secret, rotated } = await exported()
    for (const text of [secret, rotated?.secret ?? '', SECRET]) expect(JSON.stringify(rows)).not.toContain(text)
  })

  it.each<[string, unknown]>([
    ['createdAt', 8.64e15 + 1],
    ['expiresAt', -1],
    ['lastUsedAt', 0.5],
    ['networks', ['anywhere']],
    ['networks', '192.0.2.0/24'],
    ['scopes', ['jobs read']],
    ['name', '\u202E'],
    ['preview', '\u001B[2J'],
    ['createdBy', '\n'],
    ['digest', 'secret'],
    ['revokedReason', 'bored'],
    ['attributes', JSON.parse('{"__proto__":"x"}')],
    ['attributes', ['x']],
    ['makers', ['']],
    ['id', 'tok_1'],
    ['owner', '\u0001import:'],
  ])('is refused if no token of these can have its %s: %j', async (field, value) => {
    const { tokens } = open()
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const [row] = await allOf(exportTokens(tokens, ['acme']))
    const report = await importTokens(tokens, [{ tessera: 1, record: { ...row?.record, [field]: value } }])
    expect(report.faults[0]?.what).toMatch(new RegExp(`^the ${field} of the record is`))
    expect((await tokens.list('acme')).tokens).toEqual([token])
  })

  it('is refused by another API, and where something is missing or wrong', async () => {
    const { rows } = await exported()
    const other = createTokens({ store: memoryStore(), prefix: 'other' })
    expect(await importTokens(other, rows)).toMatchObject({ imported: 0, refused: 5 })
    const { tokens } = open()
    const [row] = rows
    const { record } = row ?? {}
    const wrong = [
      { record },
      { tessera: 1 },
      { tessera: 1, record: { ...record, scopes: 'all' } },
      { tessera: 1, record: { ...record, expiresAt: undefined } },
      { tessera: 1, record: { ...record, owner: '\u0002' } },
      { tessera: 1, record: { ...record, id: randomUUID() } },
    ]
    expect(await importTokens(tokens, [row])).toMatchObject({ imported: 1 })
    const { faults } = await importTokens(tokens, wrong)
    expect(faults.map(({ what }) => what)).toEqual([
      'no row of an export: name the system that the rows are from',
      'no row of an export: name the system that the rows are from',
      'the scopes of the record is missing or wrong',
      'the expiresAt of the record is missing or wrong',
      'the owner of the record is missing or wrong',
      'another token has its digest',
    ])
  })
})
