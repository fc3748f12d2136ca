import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { hasPgbouncer, hasPostgres, startPgbouncer, startPostgres, startWithStandby } from './index.ts'
import type { PostgresServer } from './index.ts'

async function ask({ url }: Pick<PostgresServer, 'url'>, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: statement, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe.skipIf(!hasPostgres)('a PostgreSQL server', () => {
  it('is killed with all its processes, and has what it had acknowledged when it is back', async () => {
    await using server = await startPostgres()
    await ask(server, "create table things as select 'kept' as name")
    const cut = ask(server, 'select pg_sleep(60)').catch(String)
    await server.kill()
    expect(await cut).toMatch(/ECONNRESET|terminated/)
    await expect(ask(server, 'select 1')).rejects.toThrow('ECONNREFUSED')
    await server.restart()
    expect(await ask(server, 'select name from things')).toBe('kept')
  })

  it('answers nobody while it is frozen', async () => {
    await using server = await startPostgres()
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await server.freeze()
    const answers = [client.query('select 1'), ask(server, 'select 1')]
    expect(await Promise.race([...answers, wait(200, 'silence')])).toBe('silence')
    server.thaw()
    await Promise.all(answers)
    await client.end()
  })

  it('compares text as people do by default', async () => {
    await using server = await startPostgres()
    expect(await ask(server, "select 'b' < 'C'")).toBe(true)
  })
})

describe.skipIf(!hasPostgres)('a standby', () => {
  it('follows its primary, and lacks what it did not hear of when it takes over', async () => {
    await using servers = await startWithStandby()
    await ask(servers.primary, "create table things as select 'heard' as name")
    await servers.caughtUp()
    servers.link.vanish()
    await ask(servers.primary, "insert into things values ('unheard')")
    await expect(ask(servers.standby, 'delete from things')).rejects.toThrow('read-only')
    await servers.primary.kill()
    await servers.promote()
    expect(await ask(servers.standby, "select string_agg(name, ' ') from things")).toBe('heard')
    await ask(servers.standby, 'delete from things')
  })
})

describe.skipIf(!hasPgbouncer).each(['session', 'transaction'] as const)('pgbouncer in %s mode', (mode) => {
  it('gives a connection to another client after that', async () => {
    await using server = await startPostgres()
    await using pgbouncer = await startPgbouncer(server, { mode, poolSize: 2 })
    const clients = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const client = new Client({ connectionString: pgbouncer.url })
        await client.connect()
        await client.query('select 1')
        return client
      }),
    )
    const another = ask({ url: `${pgbouncer.url}?query_timeout=500` }, 'select 1')
    if (mode === 'session') await expect(another).rejects.toThrow('timeout')
    else expect(await another).toBe(1)
    await Promise.all(clients.map((client) => client.end()))
  })
})
