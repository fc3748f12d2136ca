import { randomUUID } from 'node:crypto'
import { digestSecret, flatCopy, generateSecret, insert, newRecord, preview, shardOf } from '@tessera/core'
import type { InsertOutcome, TokenRecord, TokenStore } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import type { RedisServer } from '../../redis/index.ts'
import { repeat } from '../harness/repeat.ts'
import { PREFIX } from '../in-process/issued-tokens.ts'
import { quickClient } from './quick-client.ts'

const AT_ONCE = 500
/** The clock of all that reads them: their use is written already then, so that no reading writes it. */
export const NOW: number = Date.UTC(2026, 6, 1)
const REVOKED_EVERY = 100
const NAMED_EVERY = 100

/** Tokens to fill a store with, numbered from 0. */
export interface Filling {
  readonly from: number
  readonly to: number
  readonly ownerOf: (number: number) => string
  /** Whether one in 100 is revoked. Default true. */
  readonly someRevoked?: boolean
}

/**
 * A token as issuing makes it, used at `NOW` and a millisecond younger than the one before. One in 100 has `nightly` in
 * its name, and another one in 100 is revoked.
 */
function numberedToken(
  number: number,
  owner: string,
  someRevoked: boolean,
): { readonly record: TokenRecord; readonly secret: string } {
  const secret = generateSecret(PREFIX, shardOf(owner))
  const createdAt = NOW - 2_000_000 + number
  const isRevoked = someRevoked && number % REVOKED_EVERY === 0
  const issued = newRecord({
    // As it comes it is a chain of 20 texts, which would weigh on the token.
    id: flatCopy(randomUUID()),
    owner,
    digest: digestSecret(secret),
    prefix: PREFIX,
    preview: preview(secret),
    name: `${number % NAMED_EVERY === 1 ? 'nightly' : 'ci-deploy'} ${number}`,
    scopes: ['jobs:read', 'runs:read', 'runs:write'],
    createdBy: null,
    attributes: {},
    createdAt,
    expiresAt: null,
    networks: null,
  })
  const record: TokenRecord = isRevoked
    ? { ...issued, revokedAt: createdAt, revokedReason: 'requested' }
    : { ...issued, lastUsedAt: NOW }
  return { record, secret }
}

/** Inserts tokens, and hands back their secrets. */
export async function fill(store: TokenStore, filling: Filling): Promise<string[]> {
  const { from, to, ownerOf, someRevoked = true } = filling
  const secrets: string[] = []
  await repeat(to - from, AT_ONCE, async (index) => {
    const { record, secret } = numberedToken(from + index, ownerOf(from + index), someRevoked)
    const { outcome } = await insertInto(store, record)
    if (outcome !== 'inserted') throw new Error(`a token was not inserted: ${outcome}`)
    secrets.push(secret)
  })
  return secrets
}

function insertInto(store: TokenStore, record: TokenRecord): Promise<InsertOutcome> {
  const conditions = { now: NOW, activeLimit: null, idempotency: null }
  if (store.insert !== undefined) return store.insert(record, conditions)
  const { wants, decide } = insert(record, conditions)
  return store.change(record.owner, wants, decide)
}

/** The same in less time, see {@link quickClient}. */
export async function fillRedis(server: RedisServer, filling: Filling): Promise<string[]> {
  const client = new Redis(server.port, '127.0.0.1')
  using quick = await quickClient(client, server.port)
  const store = redisStore(quick, { deadlineMs: 60_000 })
  const first = await fill(store, { ...filling, to: filling.from + 1 })
  quick.hurry()
  const rest = await fill(store, { ...filling, from: filling.from + 1 })
  client.disconnect()
  return [...first, ...rest]
}
