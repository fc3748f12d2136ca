import { createTokens } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { DRIVERS, openFiles } from '../testing/drivers.ts'
import { sqliteStore } from './sqlite-store.ts'

const REQUEST = { owner: 'acme', name: 'CI', scopes: [] }
const LETTERS = [...'abcdefgh']

describe.each(DRIVERS)('sqliteStore, where something is wrong, with %s', (_, connect) => {
  let files: ReturnType<typeof openFiles>

  beforeEach(() => {
    files = openFiles(connect)
  })

  afterEach(() => files[Symbol.dispose]())

  it('is a TypeError for another kind of database, and for an option that is unknown or wrong', () => {
    const { connection } = files.create()
    const callbacks = { exec: () => {}, prepare: () => {} }
    for (const other of [{}, undefined, 'tokens.db', callbacks])
      expect(() => sqliteStore(other as never)).toThrow('sqliteStore: database must be a connection of node:sqlite')
    expect(() => sqliteStore(connection, { prefix: 'x' } as never)).toThrow('unknown option "prefix"')
    for (const tablePrefix of ['', '1', 'a b', 'x"', 'A', 'sqlite_'])
      expect(() => sqliteStore(connection, { tablePrefix })).toThrow('option "tablePrefix" must be a lower-case letter')
    expect(() => sqliteStore(connection, { deadlineMs: 0 })).toThrow('option "deadlineMs" must be a whole number')
    expect(() => sqliteStore(connection, { changesKept: 0.5 })).toThrow('option "changesKept" must be a whole number')
  })

  it('refuses a database in memory when it is made ready, and works with it all the same', async () => {
    const store = sqliteStore(files.open(':memory:'))
    await expect(store.ready()).rejects.toThrow('the database is in memory: its tokens end with the process')
    await using tokens = createTokens({ store, prefix: 'ot_pat' })
    const { secret } = await tokens.issue(REQUEST)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('is ready on a local file', async () => {
    await expect(sqliteStore(files.create().connection).ready()).resolves.toBeUndefined()
  })

  it('refuses tables of another layout, and a connection inside a transaction, in words', async () => {
    const { file, connection } = files.create()
    await sqliteStore(connection).ready()
    connection.exec("update tessera_facts set value = 2 where name = 'layout'")
    const newer = sqliteStore(files.open(file))
    await expect(newer.ready()).rejects.toThrow('the tables have layout 2, this version of sqliteStore needs 1')
    await expect(newer.find('acme', 'x')).rejects.toThrow('layout 2')
    const busy = files.create().connection
    busy.exec('begin')
    await expect(sqliteStore(busy).ready()).rejects.toThrow(/transaction/)
  })

  it('keeps the tables of two stores in one file apart', async () => {
    const { file, connection } = files.create()
    const [one, other] = [sqliteStore(connection), sqliteStore(files.open(file), { tablePrefix: 'other_' })]
    await using tokens = createTokens({ store: one, prefix: 'ot_pat' })
    const { token } = await tokens.issue(REQUEST)
    expect(await other.find('acme', token.id)).toBeNull()
  })

  it('answers store_full where there is no room for a new token, and goes on', async () => {
    const { connection } = files.create()
    const store = sqliteStore(connection)
    await store.ready()
    await using tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: null })
    const { token, secret } = await tokens.issue(REQUEST)
    const { page_count: pages } = connection.prepare('pragma page_count').get() as { page_count: number }
    connection.exec(`pragma max_page_count = ${pages}`)
    const issuing = async () => {
      for (;;) await tokens.issue(REQUEST)
    }
    await expect(issuing()).rejects.toMatchObject({ name: 'StoreError', code: 'store_full' })
    connection.exec('pragma max_page_count = 100000')
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await tokens.revoke('acme', token.id)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('makes the other changes of a transaction that a full disk has undone', async () => {
    const { connection } = files.create()
    await using tokens = createTokens({ store: sqliteStore(connection), prefix: 'ot_pat', activeLimit: null })
    const { token } = await tokens.issue(REQUEST)
    const { page_count: pages } = connection.prepare('pragma page_count').get() as { page_count: number }
    connection.exec(`pragma max_page_count = ${pages}`)
    const large = { ...REQUEST, attributes: Object.fromEntries(LETTERS.map((letter) => [letter, letter.repeat(500)])) }
    const revoking = [tokens.issue(large), tokens.revoke('acme', token.id), tokens.issue(large)]
    const [first, revoked, last] = await Promise.allSettled<unknown>(revoking)
    expect(revoked).toMatchObject({ status: 'fulfilled' })
    for (const outcome of [first, last]) expect(outcome).toMatchObject({ reason: { code: 'store_full' } })
    expect(await tokens.get('acme', token.id)).toMatchObject({ status: 'revoked' })
  })

  it('says that the disk is full where it has no room for the tables', async () => {
    const { connection } = files.create()
    connection.exec('pragma max_page_count = 5')
    await expect(sqliteStore(connection).ready()).rejects.toThrow('database or disk is full')
  })

  it('undoes one of many writes in a transaction that fails, and keeps the others', async () => {
    const store = sqliteStore(files.create().connection)
    const [first, second] = [sampleRecord(), sampleRecord()]
    const add = (record = first) =>
      store.change('acme', { ids: [record.id], key: null }, () => ({ answer: record.id, add: [record] }))
    const outcomes = await Promise.allSettled([add(first), add({ ...second, digest: first.digest }), add(second)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await store.find('acme', second.id)).toEqual(second)
  })

  it('undoes all that a step wrote before it failed, and no other step of its transaction', async () => {
    const store = sqliteStore(files.create().connection)
    const [first, second, taken] = [sampleRecord(), sampleRecord(), sampleRecord()]
    const adding = (records: readonly TokenRecord[]) =>
      store.change('acme', { ids: records.map(({ id }) => id), key: null }, () => ({ answer: null, add: records }))
    const outcomes = await Promise.allSettled([adding([first]), adding([second, { ...taken, digest: first.digest }])])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(await store.find('acme', first.id)).toEqual(first)
    expect(await store.find('acme', second.id)).toBeNull()
  })

  it('keeps what a newer version has written into a record', async () => {
    const { connection } = files.create()
    const store = sqliteStore(connection)
    const token = sampleRecord()
    await store.change('acme', { ids: [token.id], key: null }, () => ({ answer: null, add: [token] }))
    connection.exec(`update tessera_tokens set record = json_set(record, '$.later', 'fact')`)
    await store.recordUse([{ owner: 'acme', id: token.id, at: NOW + 1 }])
    expect(await store.find('acme', token.id)).toEqual({ ...token, lastUsedAt: NOW + 1, later: 'fact' })
  })

  it('quotes no text of a damaged row in an error', async () => {
    const { connection } = files.create()
    await using tokens = createTokens({ store: sqliteStore(connection), prefix: 'ot_pat' })
    const { secret } = await tokens.issue(REQUEST)
    connection.exec(`update tessera_tokens set record = 'acme-private'`)
    const failure: unknown = await tokens.verify(secret).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      name: 'StoreError',
      cause: { message: expect.stringContaining('damaged') as string },
    })
    expect(inspect(failure)).not.toContain('acme-private')
  })

  it('finds nothing by a text with NUL or a lone surrogate, which drivers cut or change', async () => {
    const store = sqliteStore(files.create().connection)
    const token = sampleRecord()
    await store.change('acme', { ids: [token.id], key: null }, () => ({ answer: null, add: [token] }))
    for (const text of ['acme\0', '\0acme', 'acme\ud800']) {
      expect(await store.find(text, token.id)).toBeNull()
      expect(await store.find('acme', token.id + text)).toBeNull()
    }
  })
})
