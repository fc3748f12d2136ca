import { createTokens } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { DRIVERS, openFiles } from '../testing/drivers.ts'
import { sqliteStore } from './sqlite-store.ts'

/** The tables of the change feed before there were leases, and a change as it was written then. */
const FORMER_TABLES = `
create table tessera_changes (n integer primary key, nonce text not null, digest text, owner text) strict;
insert into tessera_changes (n, nonce) values (0, 'former');
`
const FORMER_CHANGE = 'insert into tessera_changes (n, nonce, digest, owner) values (?, ?, ?, ?)'
const FORMER_READING = 'select n, nonce, digest, owner from tessera_changes where n >= ? order by n'

describe('sqliteStore with leaseMs', () => {
  const [[, connect] = expect.unreachable()] = DRIVERS
  const files = openFiles(connect)
  afterAll(() => files[Symbol.dispose]())

  it('shuts out a running writer of a version without leases, and no reader of it', async () => {
    const { file, connection } = files.create()
    const former = files.open(file)
    former.exec(FORMER_TABLES)
    const write = (n: number) => void former.prepare(FORMER_CHANGE).run(n, 'former', 'a digest', null)
    const store = sqliteStore(connection, { leaseMs: 10 })
    await store.ready()
    write(1)
    expect(await store.feed.leasedChangesSince?.('0-former')).toMatchObject({ digests: ['a digest'], leaseMs: 10 })
    expect(() => write(2)).toThrow('another process lends leases, and this version of sqliteStore does not wait')
    const tokens = createTokens({ store, prefix: 'ot_pat' })
    const { token } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    await tokens.revoke('acme', token.id)
    expect(former.prepare(FORMER_READING).all(1)).toHaveLength(2)
    await tokens.close()
  })

  it.each([9, 10_001, 1.5, '100', null])('refuses as leaseMs: %s', (leaseMs) => {
    const { connection } = files.create()
    expect(() => sqliteStore(connection, { leaseMs: leaseMs as number })).toThrow(
      'sqliteStore: option "leaseMs" must be a whole number of milliseconds, 10 to 10,000',
    )
  })
})
