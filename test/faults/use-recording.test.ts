import { randomInt } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Token, Tokens, Verification } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../redis/index.ts'
import { seededRandom } from './random.ts'

const TRIALS = 1_000
const AT_ONCE = 50
const REFUSAL = { ok: false, reason: 'revoked' }
const SEED = Number(process.env['TESSERA_FAULT_SEED'] ?? randomInt(2 ** 32))
const random = seededRandom(SEED)

const server = await startRedis()
const clients = [new Redis(server.port), new Redis(server.port)] as const

afterAll(async () => {
  for (const client of clients) client.disconnect()
  await server.stop()
})

/** The tokens as one process has them: a connection, a cache and uses of its own, every one of which is written. */
function openProcess(client: Redis): Tokens {
  const store = cachedStore(redisStore(client, { deadlineMs: 20_000 }), { deadlineMs: 20_000 })
  return createTokens({ store, prefix: 'ot_pat', activeLimit: null, recordUseEveryMs: 0 })
}

const processes = clients.map(openProcess)
const inEach = <Answer>(ask: (tokens: Tokens) => Promise<Answer>): Promise<Answer[]> => Promise.all(processes.map(ask))

interface Outcome {
  /** As it was acknowledged. */
  readonly revokedAt: Date | null
  readonly kept: readonly (Token | null)[]
  readonly verifications: readonly Verification[]
}

/** A revocation among verifications and the writing of uses, in any order and in both processes. */
async function race(owner: string): Promise<Outcome> {
  const { secret, token } = await random.pick(processes).issue({ owner, name: 'ci-deploy', scopes: [] })
  await inEach((tokens) => tokens.verify(secret))
  const revoker = random.pick(processes)
  let revokedAt: Date | null = null

  async function revoke(): Promise<void> {
    const byId = random.below(2) === 0
    const revoked = byId ? await revoker.revoke(owner, token.id) : await revoker.revokeSecret(secret)
    revokedAt = revoked?.token.revokedAt ?? null
  }

  const rivals = processes.flatMap((tokens) => [
    ...[() => tokens.verify(secret), () => tokens.flush()],
    ...[() => tokens.verify(secret), () => tokens.flush()],
  ])
  await Promise.all(
    [revoke, ...rivals].map(async (act) => {
      for (let turns = random.below(8); turns > 0; turns -= 1) await turn()
      await act()
    }),
  )

  const first = await inEach((tokens) => tokens.verify(secret))
  await inEach((tokens) => tokens.flush())
  const kept = await inEach((tokens) => tokens.get(owner, token.id))
  const again = await inEach((tokens) => tokens.verify(secret))
  return { revokedAt, kept, verifications: [...first, ...again] }
}

describe('recording uses behind the cache', () => {
  it('undoes no revocation that it races, in the record or in use, in 1,000 trials', { timeout: 60_000 }, async () => {
    for (let trial = 0; trial < TRIALS; trial += AT_ONCE) {
      const owners = Array.from({ length: AT_ONCE }, (_, index) => `owner-${trial + index}`)
      const outcomes = await Promise.all(owners.map(race))
      for (const outcome of outcomes) {
        const kept = { status: 'revoked', revokedAt: outcome.revokedAt, lastUsedAt: expect.any(Date) as Date }
        expect(outcome, `seed ${SEED}`).toMatchObject({
          revokedAt: expect.any(Date) as Date,
          kept: [kept, kept],
          verifications: [REFUSAL, REFUSAL, REFUSAL, REFUSAL],
        })
      }
    }
  })
})
