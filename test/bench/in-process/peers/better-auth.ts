import { randomBytes } from 'node:crypto'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import type { Row } from '../../harness/group.ts'
import { inTurn, shuffled } from '../issued-tokens.ts'

/** Its keys in use, and what verifies one. */
interface BetterAuthKeys {
  readonly keys: readonly string[]
  readonly note: string
  /** The owner of a key that is valid. */
  verify(key: string): Promise<string | null>
}

export async function betterAuthKeys(count: number): Promise<BetterAuthKeys> {
  const entries = new Map<string, string>()
  const customStorage = {
    get: (key: string) => entries.get(key) ?? null,
    set: (key: string, value: string) => void entries.set(key, value),
    delete: (key: string) => void entries.delete(key),
    getAndDelete(key: string) {
      const value = entries.get(key) ?? null
      entries.delete(key)
      return value
    },
    increment(key: string) {
      const count = Number(entries.get(key) ?? 0) + 1
      entries.set(key, String(count))
      return count
    },
  }
  const auth = betterAuth({
    baseURL: 'http://localhost',
    secret: randomBytes(32).toString('hex'),
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] }),
    plugins: [apiKey({ storage: 'secondary-storage', customStorage, rateLimit: { enabled: false } })],
  })
  const keys: string[] = []
  for (let number = 0; number < count; number += 1) {
    const userId = `owner-${Math.floor(number / 10)}`
    keys.push((await auth.api.createApiKey({ body: { userId, name: `key ${number}` } })).key)
  }
  return {
    keys: shuffled(keys),
    note: 'hash, look-up, expiry and enabled; the record is read and written as JSON each time, with the last use; no rate limit',
    async verify(key) {
      const { valid, key: found } = await auth.api.verifyApiKey({ body: { key } })
      return valid ? (found?.referenceId ?? null) : null
    },
  }
}

export async function betterAuthRow(count: number): Promise<Row> {
  const { keys, note, verify } = await betterAuthKeys(count)
  const next = inTurn(keys)
  return {
    name: '@better-auth/api-key, secondary storage on a Map',
    note,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        if ((await verify(next())) === null) throw new Error('a key was refused')
      }
    },
  }
}
