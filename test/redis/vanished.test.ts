import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { startProxy, startRedis } from './index.ts'

const SILENCE_MS = 300

/** A client that has a connection, and tells whether anybody closed it. */
async function connected(port: number) {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => null })
  let isClosed = false
  client.on('error', () => {})
  client.on('close', () => {
    isClosed = true
  })
  await client.ping()
  return { client, isClosed: () => isClosed, [Symbol.dispose]: () => client.disconnect() }
}

/** Whether nothing is heard from a server, over this connection and over a new one. */
async function isSilent(client: Redis, port: number): Promise<boolean> {
  const another = new Redis(port, '127.0.0.1')
  another.on('error', () => {})
  const answer = Promise.any([client.ping(), another.ping()]).catch(() => null)
  const heard = await Promise.race([answer, wait(SILENCE_MS, 'silence')])
  another.disconnect()
  return heard === 'silence'
}

describe('a server that vanishes', () => {
  it('answers and closes no connection, and takes no new one', async () => {
    await using server = await startRedis()
    using known = await connected(server.port)
    await server.vanish()
    expect(await isSilent(known.client, server.port)).toBe(true)
    expect(known.isClosed()).toBe(false)
  })
})

describe('a proxy that vanishes', () => {
  it('loses what both sides send, and closes no connection, also when the server ends', async () => {
    await using server = await startRedis()
    await using proxy = await startProxy(server.port)
    using known = await connected(proxy.port)
    proxy.vanish()
    expect(await isSilent(known.client, proxy.port)).toBe(true)
    await server.kill()
    await wait(SILENCE_MS)
    expect(known.isClosed()).toBe(false)
  })

  it('closes what it had when it is back, and lets others through', async () => {
    await using server = await startRedis()
    await using proxy = await startProxy(server.port)
    using known = await connected(proxy.port)
    proxy.vanish()
    proxy.reappear()
    await expect.poll(known.isClosed).toBe(true)
    using another = await connected(proxy.port)
    expect(another.isClosed()).toBe(false)
  })
})
