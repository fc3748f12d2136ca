import { join } from 'node:path'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import type { PostgresServer } from '../postgres/index.ts'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const run = (script: string, env: Record<string, string>) =>
  runProcess(process.execPath, [join(root, 'examples/postgres', script)], { env })

describe.skipIf(!hasPostgres)('examples/postgres', () => {
  let server: PostgresServer
  let appUrl: string
  const apps: RunningProcess[] = []

  beforeAll(async () => {
    server = await startPostgres()
    appUrl = server.url.replace('postgres@', 'app@')
    const owner = new Pool({ connectionString: server.url })
    await owner.query('create role app login')
    await owner.end()
  })

  afterAll(async () => {
    for (const app of apps) await app.end('SIGKILL')
    await server.stop()
  })

  async function startApp() {
    const port = await freePort()
    const app = run('server.js', { PORT: String(port), DATABASE_URL: appUrl })
    apps.push(app)
    const authorization = (await app.firstLine()).replace('Authorization: ', '')
    const call = (path: string, authorization: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization } })
    return { pid: app.pid, authorization, call }
  }

  it('does not start before the migration, and says so', async () => {
    const app = run('server.js', { DATABASE_URL: appUrl })
    expect(await app.exit).toMatchObject({ code: 1 })
    expect(app.stderr()).toContain('there is no schema tessera: run migrate(pool')
  })

  it('shares its tokens with the other processes, as a role of least privilege, and at once what is revoked', async () => {
    for (const _ of ['once', 'again']) {
      const migration = run('migrate.js', { OWNER_URL: server.url, APP_ROLE: 'app' })
      expect(await migration.exit, migration.stderr()).toEqual({ code: 0, signal: null })
    }
    const [one, two] = [await startApp(), await startApp()]
    expect((await two.call('/jobs', one.authorization)).status).toBe(200)
    const { tokens } = (await (await two.call('/tokens', two.authorization)).json()) as {
      tokens: { id: string; name: string }[]
    }
    const id = tokens.find(({ name }) => name === `CI of ${one.pid}`)?.id ?? ''
    expect((await two.call(`/tokens/${id}`, two.authorization, 'DELETE')).status).toBe(200)
    for (const app of [one, two]) expect((await app.call('/jobs', one.authorization)).status).toBe(401)
    for (const app of [one, two]) expect((await app.call('/jobs', two.authorization)).status).toBe(200)
  })

  it('ends cleanly on SIGTERM', async () => {
    for (const app of apps) {
      expect(await app.end()).toEqual({ code: 0, signal: null })
      expect(app.stderr()).toBe('')
    }
  })
})
