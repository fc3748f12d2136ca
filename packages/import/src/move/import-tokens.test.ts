import { cachedStore } from '@tessera/cached-store'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { allOf } from '../../testing/all-of.ts'
import { ROW, SECRET, SLOW_ROW, open, rowOf, slow } from '../../testing/samples.ts'
import { sanctum } from '../systems/sanctum.ts'
import type { LegacyRow, LegacyToken } from '../systems/system.ts'
import { importTokens } from './import-tokens.ts'
import { readJsonLines } from './json-lines.ts'
import { listImported } from './list-imported.ts'

const from = sanctum()

/** One token of a table of one's own, by what it says. */
async function importOne(token: Partial<LegacyToken>) {
  const { tokens } = open({ scopes: ['jobs:read'], activeLimit: 1 })
  const own = { name: 'own', read: () => null, row: () => ({ owner: 'acme', digest: 'd', ...token }) }
  const report = await importTokens(tokens, [{}], { from: own })
  const list = await tokens.list('acme')
  return { report, token: list.tokens[0] }
}

describe('importTokens', () => {
  it('keeps the name, scopes, times and preview of a token, and says where it comes from', async () => {
    const { tokens, events } = open()
    const times = { created_at: '2025-06-01 00:00:00', last_used_at: '2026-01-31T10:20:30Z', expires_at: '2099-01-01' }
    await importTokens(tokens, [rowOf(12, times)], { from, by: 'ada' })
    expect((await tokens.list('acme')).tokens).toMatchObject([
      {
        ...{ name: 'CI', scopes: ['jobs:read'], preview: '12|********', status: 'active', issuedBy: null },
        createdAt: new Date('2025-06-01T00:00:00Z'),
        lastUsedAt: new Date('2026-01-31T10:20:30Z'),
        expiresAt: new Date('2099-01-01T00:00:00Z'),
        attributes: { importedFrom: 'sanctum' },
      },
    ])
    await tokens.close()
    expect(events).toMatchObject([{ type: 'imported', from: 'sanctum', by: 'ada', owner: 'acme', name: 'CI' }])
  })

  it('does not keep a token out for the limit, but counts it', async () => {
    const { tokens } = open({ activeLimit: 1 })
    const rows = [rowOf(1), rowOf(2)]
    expect(await importTokens(tokens, rows, { from })).toMatchObject({ imported: 2 })
    expect(await tokens.usage('acme')).toMatchObject({ active: 2, limit: 1 })
    await expect(tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })).rejects.toMatchObject({
      code: 'active_limit_reached',
    })
  })

  it.each<[string, Partial<LegacyToken>, object]>([
    ['an end in the past', { expiresAt: new Date(5) }, { status: 'expired' }],
    [
      'a revocation, at no known time',
      { revokedAt: new Date(0) },
      { status: 'revoked', revokedReason: 'administrative' },
    ],
    ['a suspension', { suspendedAt: new Date(0) }, { status: 'suspended' }],
    ['networks', { networks: ['192.0.2.7'] }, { networks: ['192.0.2.7/32'] }],
    ['attributes', { attributes: { team: 'a' } }, { attributes: { team: 'a', importedFrom: 'own' } }],
    ['a creator', { createdBy: 'dana' }, { createdBy: 'dana' }],
    ['nothing else', {}, { name: 'From own', preview: '********', scopes: [] }],
  ])('keeps %s', async (_, given, kept) => {
    const { report, token } = await importOne(given)
    expect(report).toMatchObject({ imported: 1, losses: [] })
    expect(token).toMatchObject(kept)
  })

  it.each<[Partial<LegacyToken>, string]>([
    [{ scopes: ['jobs:read', 'jobs:write', '*'] }, 'scopes left out, as they cannot be granted: "jobs:write", "*"'],
    [{ name: '\u200B' }, 'a name that hides something left out'],
    [{ preview: 'a\nb' }, 'a preview that is no line left out'],
    [{ createdBy: '' }, 'createdBy, which is no line left out'],
    [{ attributes: { 'a b': '1', c: 'x'.repeat(2_000), d: '1' } }, '2 attributes left out'],
  ])('says what it left out: %j', async (given, what) => {
    const { report } = await importOne(given)
    expect(report).toMatchObject({ imported: 1, losses: [{ row: 1, what }] })
  })

  it.each<[object, string]>([
    [{ owner: '' }, 'the owner must be a line'],
    [{ owner: '\u0001import:A' }, 'the owner must be a line'],
    [{ networks: ['somewhere'] }, 'the networks cannot be read'],
    [{ networks: [] }, 'the networks cannot be read'],
    [{ expiresAt: new Date(Number.NaN) }, 'expiresAt is no instant'],
    [{ digest: undefined }, 'the row needs a digest, or a lookup with a hash'],
    [{ hash: 'x', lookup: 'a' }, 'the row needs a digest, or a lookup with a hash'],
    [{ digest: undefined, hash: '$argon2id$v=19$m=1', lookup: 'a' }, 'the hash is none of bcrypt, PBKDF2 and scrypt'],
    [{ scopes: Array.from({ length: 101 }, (_, index) => `s:${index}`) }, ''],
  ])('refuses a row rather than give it more than it had: %j', async (given, what) => {
    const { report, token } = await importOne(given)
    if (what === '') return expect(report).toMatchObject({ imported: 1, losses: [{ row: 1 }] })
    expect(report).toMatchObject({ imported: 0, refused: 1, faults: [{ row: 1, what: expect.stringContaining(what) }] })
    expect(token).toBeUndefined()
  })

  it('reads lines, counts those that are no rows, and repeats nothing of them', async () => {
    const { tokens } = open()
    const text = `\uFEFF${JSON.stringify(ROW)}\r\n\n{"id": 3, "tok\n[]\n${JSON.stringify(rowOf(4, { token: null }))}`
    const pieces = [...text].map((each) => Buffer.from(each))
    const report = await importTokens(tokens, readJsonLines(toStream(pieces)), { from })
    expect(report).toEqual({
      ...{ read: 4, imported: 1, present: 0, refused: 3, losses: [] },
      faults: [
        { row: 2, what: 'no JSON object' },
        { row: 3, what: 'no JSON object' },
        { row: 4, what: 'the row has no token' },
      ],
    })
  })

  it('refuses a row that map fails for, or that has no values of a token, and goes on', async () => {
    const { tokens } = open()
    const map = ({ id, more }: LegacyRow) => ({ ...(more as object), scopes: [`jobs:${(id as number).toFixed()}`] })
    const rows = ['1', 2, 3, 4].map((id) =>
      rowOf(id as number, { more: [{}, { digest: 7 }, { attributes: null }][(id as number) - 2] }),
    )
    const { imported, faults } = await importTokens(tokens, rows, { from: sanctum({ map }) })
    expect([imported, faults]).toEqual([
      1,
      [
        { row: 1, what: 'reading the row failed with TypeError' },
        { row: 3, what: 'the row needs a digest, or a lookup with a hash' },
        { row: 4, what: 'reading the row failed with TypeError' },
      ],
    ])
  })

  it('reports scopes of any number, kind and length in few words', async () => {
    const scopes = [
      { toString: 1 },
      'x'.repeat(100_000),
      ...Array.from({ length: 50_000 }, (_, index) => `a b${index}`),
    ]
    const { report } = await importOne({ scopes: scopes as never })
    expect(report).toMatchObject({ imported: 1 })
    expect(report.losses[0]?.what).toMatch(/^scopes left out.*: object, "x{128}", "a b0".* and 49992 more$/)
  })

  it('refuses a line without an end by its number, and goes on behind it', async () => {
    const { tokens } = open()
    const long = Buffer.alloc(1_000_000, 'a')
    const pieces = [Buffer.from('{}\n\n{"id":"'), long, long, Buffer.from(`"}\n${JSON.stringify(ROW)}\n`), long]
    const { imported, faults } = await importTokens(tokens, readJsonLines(toStream(pieces)), { from })
    expect([imported, faults]).toEqual([
      1,
      [
        { row: 1, what: expect.any(String) },
        { row: 2, what: 'line 3 is longer than 1,000,000 characters' },
        { row: 4, what: 'no JSON object' },
      ],
    ])
  })

  it('goes on where it stopped, also in the middle of a row', async () => {
    const store = memoryStore()
    const { tokens } = open({ store })
    const rows = Array.from({ length: 5 }, (_, index) => rowOf(index + 1))
    const { change } = store
    let calls = 0
    const failing = (at: number) => {
      calls += 1
      if (calls === at) throw new Error('connection lost')
    }
    for (let at = 1; at <= 9; at += 1) {
      calls = 0
      Object.assign(store, {
        change: (...args: Parameters<typeof change>) => (failing(at), change(...args)),
      })
      const importing = importTokens(tokens, rows, { from, atOnce: 1 })
      await importing.catch((error) => expect(error).toMatchObject({ code: 'store_unavailable' }))
    }
    Object.assign(store, { change })
    expect(await importTokens(tokens, rows, { from, skip: 2 })).toMatchObject({ read: 5, present: 3, refused: 0 })
    expect((await tokens.list('acme')).total).toBe(5)
    expect(await tokens.verify(SECRET.replace('12|', '5|'))).toMatchObject({ ok: true })
  })

  it('shows its progress, and with a dry run changes nothing', async () => {
    const { tokens } = open()
    const rows = [1, 2, 3, 4, 5].map((id) => rowOf(id))
    const seen: number[] = []
    const options = { from, atOnce: 2, onProgress: ({ read }: { read: number }) => seen.push(read) }
    expect(await importTokens(tokens, rows, { ...options, dryRun: true })).toMatchObject({ imported: 5 })
    expect((await tokens.list('acme')).total).toBe(0)
    expect(seen).toEqual([2, 4, 5])
    await importTokens(tokens, rows.slice(1), options)
    expect(await importTokens(tokens, rows, { ...options, dryRun: true })).toMatchObject({ imported: 1, present: 4 })
  })

  it('does not bring back what was revoked and pruned, and gives no secret to a second owner', async () => {
    const { tokens } = open()
    await importTokens(tokens, [ROW], { from })
    expect(await importTokens(tokens, [rowOf(12, { tokenable_id: 'other' })], { from })).toMatchObject({
      faults: [{ row: 1, what: 'its secret was imported for another owner' }],
    })
    const other = await importTokens(tokens, [rowOf(12, { token: 'ab'.repeat(32) })], { from })
    expect(other.faults).toEqual([{ row: 1, what: 'another token has its lookup, or its hash was changed' }])
    await tokens.revokeAll('acme')
    while ((await tokens.prune({ keepMs: 0 })) === 0) await new Promise(setImmediate)
    expect(await importTokens(tokens, [ROW], { from })).toMatchObject({ imported: 0, present: 1 })
    expect(await tokens.verify(SECRET)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('makes tokens whose revocation holds at once behind a cache, in every process', async () => {
    const store = memoryStore()
    const [one, other] = [open({ store: cachedStore(store) }), open({ store: cachedStore(store) })]
    await importTokens(one.tokens, [ROW, SLOW_ROW].slice(0, 1), { from })
    await importTokens(one.tokens, [SLOW_ROW], { from: slow })
    for (const secret of [SECRET, 'key1.right']) {
      for (const { tokens } of [one, other, one, other]) expect(await tokens.verify(secret)).toMatchObject({ ok: true })
      await one.tokens.revokeSecret(secret)
      for (const { tokens } of [other, one])
        expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    }
    expect(other.hashed()).toBeLessThanOrEqual(1)
  })

  it.each<[string, unknown[]]>([
    ['unknown option "form"', [[], { form: sanctum() }]],
    ['option "from" must be a system', [[], { from: 'sanctum' }]],
    ['option "atOnce" must be', [[], { atOnce: 0 }]],
  ])('is refused: %s', async (message, args) => {
    const importing = Reflect.apply(importTokens, undefined, [open().tokens, ...args])
    await expect(importing).rejects.toThrow(TypeError)
    await expect(importing).rejects.toThrow(message)
  })
})

describe('listImported', () => {
  it('lists who still has a secret of another system', async () => {
    const { tokens } = open()
    await importTokens(tokens, [rowOf(1), rowOf(12), rowOf(3)], { from })
    await tokens.issue({ owner: 'acme', name: 'ours', scopes: [] })
    const names = async (system?: string) =>
      (await allOf(listImported(tokens, 'acme', system))).map(({ preview }) => preview)
    expect((await names()).toSorted()).toEqual(['12|********', '1|********', '3|********'])
    await tokens.rotateSecret(SECRET, { overlapMs: 0 })
    expect((await names('sanctum')).toSorted()).toEqual(['1|********', '3|********'])
    expect(await names('knox')).toEqual([])
  })
})

async function* toStream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}
