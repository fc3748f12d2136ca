import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { answerQuestions } from '../harness/worker.ts'
import { PREFIX } from '../in-process/issued-tokens.ts'

/** What a process under a lease is told to do. */
export interface Question {
  readonly port: number
  readonly leaseMs: number
  readonly revocations: number
}

/** How long each revocation took to be acknowledged, in milliseconds. */
export type Answer = readonly number[]

let opened: Tokens | null = null

answerQuestions<Question>(async ({ port, leaseMs, revocations }): Promise<Answer> => {
  const tokens = (opened ??= open(port, leaseMs))
  const acknowledgedMs: number[] = []
  while (acknowledgedMs.length < revocations) {
    const { token, secret } = await tokens.issue({ owner: `leaver-${process.pid}`, name: 'ci', scopes: ['jobs:read'] })
    // As any token in use: cached, under a lease.
    if (!(await tokens.verify(secret)).ok) throw new Error('a new token was refused')
    const startedAt = performance.now()
    await tokens.revoke(token.owner, token.id)
    acknowledgedMs.push(performance.now() - startedAt)
    if ((await tokens.verify(secret)).ok) throw new Error('a revoked token was accepted')
  }
  return acknowledgedMs
})

function open(port: number, leaseMs: number): Tokens {
  const store = redisStore(new Redis(port, '127.0.0.1'), { leaseMs, deadlineMs: 10_000 })
  return createTokens({ store: cachedStore(store, { freshness: 'leased' }), prefix: PREFIX, activeLimit: null })
}
