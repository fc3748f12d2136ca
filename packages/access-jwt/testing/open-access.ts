import { createTokens } from '@tessera/core'
import type { Token, TokenEvent, Tokens, TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { createAccessTokens } from '../src/access-tokens.ts'
import type { AccessTokens } from '../src/access-tokens.ts'
import { generateAccessKey } from '../src/keys/access-key.ts'
import type { AccessKey } from '../src/keys/access-key.ts'
import type { AccessTokensOptions } from '../src/options.ts'

export const NOW: number = Date.UTC(2026, 5, 12, 10, 0, 0)
export const HOUR = 3_600_000
export const ISSUER = 'https://api.acme.test'
export const AUDIENCE = 'https://api.acme.test/v1'
export const CI = { owner: 'acme', name: 'CI', scopes: ['jobs:read', 'jobs:write'] }
export const KEY: AccessKey = await generateAccessKey()

export interface OpenAccess {
  readonly store: TokenStore
  readonly tokens: Tokens
  readonly access: AccessTokens
  readonly clock: { now: number }
  /** What the store does to the records that it finds, and what it fails with. */
  readonly weather: { error: Error | null; scopes: readonly string[] | null; calls: number }
  /** Of the one token that is there. */
  readonly parent: Token
  readonly secret: string
}

export interface ParentFacts {
  readonly scopes?: readonly string[]
  readonly expiresAt?: Date | null
  readonly wildcards?: boolean
  readonly onEvent?: (event: TokenEvent) => void
}

/** One token and its access tokens, on a memory store, under a clock that stands still until a test moves it. */
export async function openAccess(
  options: Partial<AccessTokensOptions> = {},
  { scopes = CI.scopes, expiresAt = null, wildcards = false, onEvent = () => {} }: ParentFacts = {},
): Promise<OpenAccess> {
  const clock = { now: NOW }
  const now = () => clock.now
  const weather: OpenAccess['weather'] = { error: null, scopes: null, calls: 0 }
  // Without its cache, whose records are found without a call.
  const { cache: _cache, ...memory } = memoryStore()

  async function find(owner: string, id: string) {
    weather.calls += 1
    if (weather.error !== null) throw weather.error
    const record = await memory.find(owner, id)
    return record === null ? null : { ...record, scopes: weather.scopes ?? record.scopes }
  }

  async function findByDigest(digests: readonly string[], shard: string) {
    if (weather.error !== null) throw weather.error
    return memory.findByDigest(digests, shard)
  }

  const store = { ...memory, find, findByDigest }
  const tokens = createTokens({ store, prefix: 'ot_pat', now, wildcards, onEvent })
  const { secret, token: parent } = await tokens.issue({ ...CI, scopes, expiresAt })
  const access = createAccessTokens({
    tokens,
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: [{ key: KEY }],
    now,
    ...options,
  })
  return { store, tokens, access, clock, weather, parent, secret }
}
