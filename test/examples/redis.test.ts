import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

interface App {
  readonly process: RunningProcess
  /** The header with the token that this process issued. */
  readonly authorization: string
  /** Calls this process with the token of any. */
  call(path: string, authorization: string, method?: string): Promise<Response>
}

async function startApp(redisUrl: string): Promise<App> {
  const port = await freePort()
  const child = runProcess(process.execPath, [join(root, 'examples/redis/server.js')], {
    env: { PORT: String(port), REDIS_URL: redisUrl },
  })
  const authorization = (await child.firstLine()).replace('Authorization: ', '')
  const call = (path: string, authorization: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization } })
  return { process: child, authorization, call }
}

describe('examples/redis', () => {
  let redis: RedisServer | undefined
  const apps: App[] = []

  beforeAll(async () => {
    redis = await startRedis()
    for (const _ of ['one', 'two']) apps.push(await startApp(`redis://127.0.0.1:${redis.port}`))
  })

  afterAll(async () => {
    for (const { process } of apps) await process.end('SIGKILL')
    await redis?.stop()
  })

  it('shares its tokens with the other processes, and at once what is revoked', async () => {
    const [one, two] = apps
    if (one === undefined || two === undefined) throw new Error('two processes were started')
    expect((await two.call('/jobs', one.authorization)).status).toBe(200)

    const { tokens } = (await (await two.call('/tokens', two.authorization)).json()) as {
      tokens: { id: string; name: string }[]
    }
    const id = tokens.find(({ name }) => name === `CI of ${one.process.pid}`)?.id ?? ''
    expect((await two.call(`/tokens/${id}`, two.authorization, 'DELETE')).status).toBe(200)
    for (const app of apps) expect((await app.call('/jobs', one.authorization)).status).toBe(401)
    for (const app of apps) expect((await app.call('/jobs', two.authorization)).status).toBe(200)
  })

  it('ends cleanly on SIGTERM', async () => {
    for (const { process } of apps) expect(await process.end()).toEqual({ code: 0, signal: null })
    for (const { process } of apps) expect(process.stderr()).toBe('')
  })
})
