import { cachedStore } from '@tessera/cached-store'
import type { Freshness } from '@tessera/cached-store'
import { generateSecret, isLater, shardOf } from '@tessera/core'
import type { RefusalReason, Requirements, Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import type { Group, Row } from '../harness/group.ts'
import { atMost } from '../harness/target.ts'
import { lookUp, rowsBySecret } from './hash-look-up.ts'
import { inTurn, issueTokens, PREFIX } from './issued-tokens.ts'

const COUNT = 10_000

/** `tokens.verify` against the least that any verification does: a hash and a look-up, of one of 10,000 tokens. */
export async function verifyGroup(): Promise<Group> {
  const { tokens, secrets } = await issueTokens(memoryStore(), COUNT)
  const rows = rowsBySecret(secrets)
  const malformed = secrets.map((secret) => secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'))
  const unknown = secrets.map((_, number) => generateSecret(PREFIX, shardOf(`owner-${number}`)))
  return {
    name: 'Verify in process: memory-store',
    compares: 'time',
    allocation: true,
    base: asyncFloor(rows, secrets),
    rows: [
      syncFloor(rows, secrets),
      { ...acceptedRow('verify', tokens, secrets), target: atMost(2.5) },
      nowRow('verifyNow', tokens, secrets),
      {
        ...refusedRow('malformed', tokens, malformed),
        note: 'a wrong checksum: it is seen when the look-up found nothing, before a store is asked',
      },
      { ...refusedRow('unknown', tokens, unknown), note: 'well formed, but never issued' },
      refusedRow('insufficient_scope', tokens, secrets, { scopes: ['jobs:write'] }),
    ],
  }
}

/** The same with `cached-store` in front, all 10,000 records cached. */
export async function cachedGroup(freshness: Freshness, facts: Pick<Row, 'target' | 'note'>): Promise<Group> {
  const { tokens, secrets } = await issueTokens(cachedStore(memoryStore(), { freshness }), COUNT)
  const name = typeof freshness === 'string' ? `'${freshness}'` : '{ maxStalenessMs }'
  return {
    name: `Verify in process: cached-store over memory-store, ${name}`,
    compares: 'time',
    allocation: true,
    base: asyncFloor(rowsBySecret(secrets), secrets),
    rows: [{ ...acceptedRow('verify', tokens, secrets), ...facts }],
  }
}

function asyncFloor(rows: Parameters<typeof lookUp>[0], secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  const find = async (secret: string) => lookUp(rows, secret)
  return {
    name: 'floor: SHA-256 and Map look-up, async',
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        if ((await find(next())) === null) throw new Error('the floor did not find a token')
      }
    },
  }
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

/** A hit under a lease, answered in the turn it is asked in, against the least that any verification does in a turn. */
export async function leasedGroup(): Promise<Group> {
  const store = cachedStore(memoryStore({ leaseMs: 100 }), { freshness: 'leased' })
  const { tokens, secrets } = await issueTokens(store, COUNT)
  return {
    name: "Verify in process: cached-store over memory-store, 'leased'",
    compares: 'time',
    allocation: true,
    base: syncFloor(rowsBySecret(secrets), secrets),
    rows: [
      {
        ...nowRow('verifyNow', tokens, secrets),
        target: atMost(2.2),
        note: 'one of many reads the change feed, behind the answer',
      },
    ],
  }
}

/** Verifies tokens that are accepted, each in one turn, and waits for those that have to be waited for. */
function nowRow(name: string, tokens: Tokens, secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  return {
    name,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const answer = tokens.verifyNow(next())
        const verification = isLater(answer) ? await answer : answer
        if (!verification.ok) throw new Error(`${name}: ${verification.reason}`)
      }
    },
  }
}

/** Verifies tokens that are accepted, one after the other. */
export function acceptedRow(name: string, tokens: Tokens, secrets: readonly string[]): Row {
  const next = inTurn(secrets)
  return {
    name,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const verification = await tokens.verify(next())
        if (!verification.ok) throw new Error(`${name}: ${verification.reason}`)
      }
    },
  }
}

function refusedRow(
  reason: RefusalReason,
  tokens: Tokens,
  secrets: readonly string[],
  requirements: Requirements = {},
): Row {
  const next = inTurn(secrets)
  return {
    name: `verify: ${reason}`,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const verification = await tokens.verify(next(), requirements)
        if (verification.ok || verification.reason !== reason) throw new Error(`it was to be refused as ${reason}`)
      }
    },
  }
}
