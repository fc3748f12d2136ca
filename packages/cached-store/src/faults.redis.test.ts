import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { StoreError, createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { startProxy, startRedis, until } from '../../../test/redis/index.ts'
import { cachedStore } from './cached-store.ts'

const server = await startRedis({ config: ['appendonly yes', 'appendfsync always'] })
const proxy = await startProxy(server.port)
const clients = [new Redis(proxy.port), new Redis(server.port)] as const
for (const client of clients) client.on('error', () => {})

afterAll(async () => {
  for (const client of clients) client.disconnect()
  await proxy.stop()
  await server.stop()
})

const openProcess = (client: Redis): Tokens =>
  createTokens({ store: cachedStore(redisStore(client)), prefix: 'ot_pat', activeLimit: null, onError() {} })

/** Two processes, one of them behind the proxy. */
const [one, other] = [openProcess(clients[0]), openProcess(clients[1])]

/** Cuts a change off that the first process makes for the owner; resolves to the answer that acknowledges it. */
type CutOff = <Answer>(owner: string, change: () => Promise<Answer>) => Promise<Answer>

/** Repeats what the store does not confirm. */
async function confirmed<Answer>(work: () => Promise<Answer>, attempts = 10): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreError && attempts > 1) return confirmed(work, attempts - 1)
    throw error
  }
}

const cutAfter =
  (bytes: number): CutOff =>
  (_owner, change) => {
    proxy.cutAfter(bytes)
    return confirmed(change)
  }

const FAULTS: readonly (readonly [fault: string, cutOff: CutOff])[] = [
  ['the connection is lost before the first answer', cutAfter(0)],
  ['the connection is lost in an answer', cutAfter(10)],
  [
    'the server is killed when the first record is changed, and nothing was acknowledged',
    async (owner, change) => {
      proxy.hold()
      const begun = change().catch((error: unknown) => error)
      await until(async () => {
        const waiting = proxy.waiting()
        const isChanged = ((await other.list(owner, { statuses: ['revoked'] })).total ?? 0) > 0
        // None of these came after the change.
        if (!isChanged) proxy.letThrough(waiting)
        return isChanged
      })
      await Promise.all([once(clients[0], 'close'), server.kill()])
      proxy.release()
      expect(await begun).toBeInstanceOf(StoreError)
      await server.restart()
      return confirmed(change)
    },
  ],
]

const verify = (secret: string | null) => confirmed(() => other.verify(secret ?? undefined))

/** A new owner's tokens, all of which the other process has in its cache. */
async function givenTokens(count: number) {
  const owner = randomUUID()
  const issue = () => other.issue({ owner, name: 'ci', scopes: [] })
  const first = await issue()
  const others = await Promise.all(Array.from({ length: count - 1 }, issue))
  for (const { secret } of [first, ...others]) expect(await verify(secret)).toMatchObject({ ok: true })
  return { owner, first, others }
}

type Given = Awaited<ReturnType<typeof givenTokens>>

const REFUSED = { ok: false, reason: 'revoked' }

describe.each(FAULTS)('two processes on one Redis, when %s', { timeout: 30_000 }, (_fault, cutOff) => {
  /** The change is made once before, so that the server has its script and answers it at once. */
  async function rehearsed<Answer>(change: (given: Given) => Promise<Answer>, given: Given): Promise<Answer> {
    await change(await givenTokens(1))
    return cutOff(given.owner, () => change(given))
  }

  it('refuse every token that a revokeAll means, from its acknowledgement on', async () => {
    const given = await givenTokens(450)
    await rehearsed(({ owner, first }) => one.revokeAll(owner, { exceptId: first.token.id }), given)
    const verifications = await Promise.all(given.others.map(({ secret }) => verify(secret)))
    expect(verifications).toEqual(given.others.map(() => REFUSED))
    expect(await verify(given.first.secret)).toMatchObject({ ok: true })
  })

  it('refuse a token that was rotated without an overlap, from the acknowledgement on', async () => {
    const given = await givenTokens(1)
    const options = { overlapMs: 0, idempotencyKey: 'rotate-1' }
    const rotated = await rehearsed(({ owner, first }) => one.rotate(owner, first.token.id, options), given)
    expect(await verify(given.first.secret)).toEqual(REFUSED)
    // A successor whose secret was lost with the answer can be rotated in its turn.
    const inUse = rotated.replayed ? await one.rotate(given.owner, rotated.token.id) : rotated
    expect(await verify(inUse.secret)).toMatchObject({ ok: true })
  })
})
