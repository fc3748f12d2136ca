import { createTokens } from '@tessera/core'
import type { Tokens, TokensOptions, TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'

export const OWNER = 'acme'
export const CI = { owner: OWNER, name: 'CI', scopes: ['jobs:read'] }

export interface OpenTokens {
  readonly tokens: Tokens
  /** What looking up and listing fail with; `null` for not at all. */
  readonly outage: { error: Error | null }
}

/** Tokens on a memory store of their own, which fails on demand. */
export function openTokens(options: Partial<TokensOptions> = {}): OpenTokens {
  const outage: OpenTokens['outage'] = { error: null }
  // Without its cache, in which a record is found whatever fails.
  const { cache: _cache, ...memory } = memoryStore()

  async function unlessDown<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (outage.error !== null) throw outage.error
    return call()
  }

  const store: TokenStore = {
    ...memory,
    findByDigest: (...args) => unlessDown(() => memory.findByDigest(...args)),
    list: (query) => unlessDown(() => memory.list(query)),
  }
  return { tokens: createTokens({ store, prefix: 'ot_pat', ...options }), outage }
}

export function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` }
}
