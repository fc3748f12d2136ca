import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BIGINT_DRIVERS, DRIVERS, openFiles } from '../testing/drivers.ts'
import { sqliteStore } from './sqlite-store.ts'

const REQUEST = { owner: 'acme', name: 'CI', scopes: [] }
const INSIDE = {
  code: 'store_unavailable',
  cause: { message: expect.stringContaining('inside a transaction') as string },
}

describe.each(DRIVERS)('sqliteStore, on a connection that the app uses too, with %s', (_, connect) => {
  let files: ReturnType<typeof openFiles>

  beforeEach(() => {
    files = openFiles(connect)
  })

  afterEach(() => files[Symbol.dispose]())

  it('accepts no token in a transaction of the app, which would not see that it was revoked', async () => {
    const { file, connection } = files.create()
    await using tokens = createTokens({ store: sqliteStore(connection), prefix: 'ot_pat' })
    await using elsewhere = createTokens({ store: sqliteStore(files.open(file)), prefix: 'ot_pat' })
    const { secret, token } = await tokens.issue(REQUEST)
    connection.exec('begin')
    connection.prepare('select * from tessera_tokens').all()
    await elsewhere.revoke('acme', token.id)
    await expect(tokens.verify(secret)).rejects.toMatchObject(INSIDE)
    await expect(tokens.list('acme')).rejects.toMatchObject(INSIDE)
    connection.exec('commit')
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('writes nothing in a transaction of the app, and neither commits it nor rolls it back', async () => {
    const { connection } = files.create()
    await using tokens = createTokens({ store: sqliteStore(connection), prefix: 'ot_pat' })
    await tokens.issue(REQUEST)
    connection.exec('create table app (x)')
    for (const end of ['commit', 'rollback']) {
      connection.exec('begin; insert into app values (1)')
      await expect(tokens.issue(REQUEST)).rejects.toMatchObject(INSIDE)
      connection.exec(end)
    }
    expect(connection.prepare('select x from app').all()).toHaveLength(1)
    expect((await tokens.list('acme')).tokens).toHaveLength(1)
  })

  it('fails as store_unavailable after the app closed it', async () => {
    const connection = connect(join(files.folder, 'closed.db'))
    const tokens = createTokens({ store: sqliteStore(connection), prefix: 'ot_pat' })
    const { token } = await tokens.issue(REQUEST)
    await tokens.get('acme', token.id)
    const queued = tokens.issue(REQUEST)
    connection.close()
    const later = [tokens.issue(REQUEST), tokens.get('acme', token.id), tokens.list('acme')]
    for (const outcome of await Promise.allSettled<unknown>([queued, ...later]))
      expect(outcome).toMatchObject({ reason: { name: 'StoreError', code: 'store_unavailable' } })
  })
})

describe.each(BIGINT_DRIVERS)('sqliteStore, with %s set to integers as bigint', (_, connect) => {
  it('reads the rows as ever', async () => {
    using files = openFiles(connect)
    await using tokens = createTokens({ store: sqliteStore(files.create().connection), prefix: 'ot_pat' })
    const { secret, token } = await tokens.issue(REQUEST)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true, token: { createdAt: token.createdAt } })
    expect(await tokens.list('acme')).toMatchObject({ tokens: [{ id: token.id }], total: 1 })
  })
})
