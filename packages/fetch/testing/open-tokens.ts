import { createTokens } from '@tessera/core'
import type { TokenEvent, Tokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'

const CI = { owner: 'acme', name: 'CI', scopes: ['jobs:read', 'tokens:read', 'tokens:write'] }
export const ORIGIN = 'https://api.example.com'

export interface Opened {
  readonly tokens: Tokens
  readonly id: string
  readonly secret: string
  /** What looking up fails with; `null` for not at all. */
  readonly outage: { error: Error | null }
  /** Those so far, once all are told. */
  events(): Promise<readonly TokenEvent[]>
  /** A request with the one token, unless other headers are given. */
  request(path: string, init?: RequestInit): Request
}

/** One token of `acme`, on a memory store that fails on demand. */
export async function openTokens(): Promise<Opened> {
  const outage: Opened['outage'] = { error: null }
  // Without its cache, in which a record is found whatever fails.
  const { cache: _, ...store } = memoryStore()
  const findByDigest: typeof store.findByDigest = async (...call) => {
    if (outage.error !== null) throw outage.error
    return store.findByDigest(...call)
  }
  const told: TokenEvent[] = []
  const tokens = createTokens({
    store: { ...store, findByDigest },
    prefix: 'acme_pat',
    onEvent: (event) => void told.push(event),
  })
  const { token, secret } = await tokens.issue(CI)
  const request: Opened['request'] = (path, init) =>
    new Request(ORIGIN + path, { headers: { authorization: `Bearer ${secret}` }, ...init })
  async function events(): Promise<readonly TokenEvent[]> {
    await tokens.close()
    return told
  }

  return { tokens, id: token.id, secret, outage, events, request }
}
