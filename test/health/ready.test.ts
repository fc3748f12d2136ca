import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { serveHandler } from '@tessera/express'
import { handlerPlugin } from '@tessera/fastify'
import { serveHandler as serveFetch } from '@tessera/fetch'
import { healthHandler, livenessHandler } from '@tessera/http'
import { migrate, postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import express from 'express'
import fastify from 'fastify'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import { startRedis } from '../redis/index.ts'

const closing: (() => unknown)[] = []

afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  closing.push(() => (server.closeAllConnections(), server.close()))
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The same two endpoints in every adapter. */
async function serveAll(store: TokenStore) {
  const tokens = createTokens({ store, prefix: 'ot_pat', onError() {} })
  const ready = healthHandler(tokens, { onError() {} })
  const live = livenessHandler()
  const inExpress = express().use('/ready', serveHandler(ready)).use('/live', serveHandler(live))
  const inFastify = fastify({ forceCloseConnections: true })
  await inFastify.register(handlerPlugin, { prefix: '/ready', handler: ready })
  await inFastify.register(handlerPlugin, { prefix: '/live', handler: live })
  await inFastify.ready()
  const [webReady, webLive] = [serveFetch(ready), serveFetch(live)]
  const urls = [await listening(createServer(inExpress)), await listening(inFastify.server)]
  return {
    async ask(path: '/ready' | '/live') {
      const web = (path === '/ready' ? webReady : webLive)(new Request(`http://localhost${path}`))
      const answers = await Promise.all([...urls.map((url) => fetch(url + path)), web])
      const read = answers.map(async (answer) => {
        const { status, headers } = answer
        return [status, headers.get('retry-after'), await answer.text()]
      })
      return Promise.all(read)
    },
  }
}

const all = (answer: readonly unknown[]) => [answer, answer, answer]
const READY = all([200, null, '{"status":"ready"}'])
const UNAVAILABLE = all([503, '1', '{"status":"unavailable"}'])
const ALIVE = all([200, null, '{"status":"alive"}'])

async function openRedis() {
  const server = await startRedis()
  const client = new Redis(server.port)
  client.on('error', () => {})
  closing.push(
    () => server.stop(),
    () => client.disconnect(),
  )
  return { store: cachedStore(redisStore(client)), server }
}

async function openPostgres() {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.url })
  pool.on('error', () => {})
  await migrate(pool)
  closing.push(
    () => server.stop(),
    () => pool.end(),
  )
  return { store: postgresStore(pool), server }
}

describe.each([
  ['Redis', openRedis, false],
  ['PostgreSQL', openPostgres, !hasPostgres],
] as const)('/ready and /live on %s, in every adapter', (_name, open, isMissing) => {
  it.skipIf(isMissing)('know an outage within two seconds, and its end', async () => {
    const { store, server } = await open()
    const { ask } = await serveAll(store)
    expect(await ask('/ready')).toEqual(READY)
    await server.freeze()
    const startedAt = performance.now()
    await expect.poll(() => ask('/ready'), { timeout: 10_000, interval: 50 }).toEqual(UNAVAILABLE)
    // On a machine at leisure; a loaded one wakes late.
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    expect(await ask('/live')).toEqual(ALIVE)
    await expect(store.ready?.()).rejects.toMatchObject({ name: 'StoreError' })
    server.thaw()
    await expect.poll(() => ask('/ready'), { timeout: 10_000, interval: 100 }).toEqual(READY)
  })
})
