import { cachedStore } from '@tessera/cached-store'
import type { CachedStoreOptions } from '@tessera/cached-store'
import type { RefusalReason, Requirements, Tokens } from '@tessera/core'
import { generateSecret, shardOf } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atMost } from '../harness/target.ts'
import { lookUp, rowsBySecret } from './hash-look-up.ts'
import { inTurn, issueTokens, PREFIX } from './issued-tokens.ts'

const COUNT = 10_000

/** `tokens.verify` against the least that any verification does: a hash and a look-up, of one of 10,000 tokens. */
export async function verifyGroup(): Promise<Group> {
  const inMemory = await issueTokens(memoryStore(), COUNT)
  const rows = rowsBySecret(inMemory.secrets)
  const { tokens, secrets } = inMemory
  const cached = async (name: string, freshness: CachedStoreOptions['freshness'] & {}) => {
    const { tokens, secrets } = await issueTokens(cachedStore(memoryStore(), { freshness }), COUNT)
    return acceptedRow(`verify, cached-store, ${name}`, tokens, secrets)
  }
  const bounded = await cached('{ maxStalenessMs: 5000 }', { maxStalenessMs: 5_000 })
  const malformed = secrets.map((secret) => secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'))
  const unknown = secrets.map((_, number) => generateSecret(PREFIX, shardOf(`owner-${number}`)))
  return {
    name: 'Verify in process',
    compares: 'time',
    allocation: true,
    base: asyncFloor(rows, secrets),
    rows: [
      syncFloor(rows, secrets),
      { ...acceptedRow('verify, memory-store', tokens, secrets), target: atMost(2.5) },
      {
        ...bounded,
        target: atMost(1.5),
        note: 'its 10,000 records are cached, but are read again whenever they are 5 s old',
      },
      {
        ...(await cached("'confirmed'", 'confirmed')),
        note: 'one reading of the revision for each: they come one by one',
      },
      { ...(await cached("'none'", 'none')), note: 'passes every reading on' },
      refusedRow('malformed', tokens, malformed, 'a wrong checksum: neither hashed nor looked up'),
      refusedRow('unknown', tokens, unknown, 'well-formed, but never issued'),
      refusedRow('insufficient_scope', tokens, secrets, undefined, { scopes: ['jobs:write'] }),
    ],
  }
}

function asyncFloor(rows: Parameters<typeof lookUp>[0], secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  const find = async (secret: string) => lookUp(rows, secret)
  const run = (times: number) =>
    repeat(times, 1, async () => {
      if ((await find(next())) === null) throw new Error('the floor did not find a token')
    })
  return { name: 'floor: SHA-256 and Map look-up, async', run }
}

function syncFloor(rows: Parameters<typeof lookUp>[0], secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  return {
    name: 'floor: SHA-256 and Map look-up, sync',
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        if (lookUp(rows, next()) === null) throw new Error('the floor did not find a token')
      }
    },
  }
}

export function acceptedRow(name: string, tokens: Tokens, secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  const run = (times: number) =>
    repeat(times, 1, async () => {
      const verification = await tokens.verify(next())
      if (!verification.ok) throw new Error(`${name}: ${verification.reason}`)
    })
  return { name, run }
}

function refusedRow(
  reason: RefusalReason,
  tokens: Tokens,
  secrets: readonly string[],
  note?: string,
  requirements?: Requirements,
): Row {
  const next = inTurn(secrets)
  const run = (times: number) =>
    repeat(times, 1, async () => {
      const verification = await tokens.verify(next(), requirements)
      if (verification.ok || verification.reason !== reason) throw new Error(`expected ${reason}`)
    })
  return { name: `verify, memory-store: ${reason}`, run, ...(note !== undefined && { note }) }
}
