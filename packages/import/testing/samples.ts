import { hash } from 'node:crypto'
import { createTokens } from '@tessera/core'
import type { TokenEvent, TokenStore, Tokens, TokensOptions } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { legacyAuthenticator } from '../src/find/legacy-authenticator.ts'
import type { LegacyAuthenticatorOptions } from '../src/find/legacy-authenticator.ts'
import { hashedColumn } from '../src/systems/hashed-column.ts'
import { sanctum } from '../src/systems/sanctum.ts'
import type { LegacyRow, LegacySystem } from '../src/systems/system.ts'

const RANDOM = 'Xq3vT0m5hQeWc8aRz1LdKpJ7nYbU2sFgHtVoAi6E'

/** A secret of Sanctum, its row, and the same with another number. */
export const SECRET: string = `12|${RANDOM}`
export const ROW: LegacyRow = rowOf(12)

export function rowOf(id: number, more: LegacyRow = {}): LegacyRow {
  const token = hash('sha256', RANDOM)
  return { id, tokenable_id: 'acme', name: 'CI', abilities: '["jobs:read"]', token, ...more }
}

/** A system with slow hashes: `key1.right` is a secret, if bcrypt says so. */
export const slow: LegacySystem = hashedColumn({
  split(secret) {
    const [lookup = '', ...rest] = secret.split('.')
    return rest.length === 1 ? { lookup } : null
  },
})
export const SLOW_ROW: LegacyRow = { owner: 'acme', lookup: 'key1', hash: `$2b$04$${'a'.repeat(53)}` }

export interface Opened {
  readonly tokens: Tokens
  readonly store: TokenStore
  readonly events: readonly TokenEvent[]
  /** How often bcrypt was asked. */
  readonly hashed: () => number
}

/** Tokens that accept the secrets of both systems. */
export function open({
  store = memoryStore(),
  options = {},
  ...more
}: { store?: TokenStore; options?: Partial<LegacyAuthenticatorOptions> } & Partial<TokensOptions> = {}): Opened {
  let count = 0
  const events: TokenEvent[] = []
  const bcrypt = async (text: string) => {
    count += 1
    return text.endsWith('.right')
  }
  const legacy = legacyAuthenticator({ systems: [sanctum(), slow], bcrypt, ...options })
  const tokens = createTokens({ store, prefix: 'ot_pat', legacy, onEvent: (event) => events.push(event), ...more })
  return { tokens, store, events, hashed: () => count }
}
