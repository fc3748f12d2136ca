import { createTokens } from '@tessera/core'
import type { TokenStore, Tokens } from '@tessera/core'
import {
  Problem,
  clientSecrets,
  introspectionHandler,
  protectedResourceMetadata,
  revocationHandler,
} from '@tessera/http'
import type { Handler, MaybeCaller } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'

/** Everything that the adapter under test mounts. */
export interface Fixture {
  readonly tokens: Tokens
  /** Finds the person of a session by the header `Cookie`. May throw or reject. */
  personOf(cookie: string | null | undefined): MaybeCaller | Promise<MaybeCaller>
  /** The option `onError` of every route. */
  onError(error: Error): void
  readonly revoke: Handler
  readonly introspect: Handler
  readonly metadata: Handler
}

/** The fixture, and what the cases do to it. */
export interface StagedFixture extends Fixture {
  /** What each look-up fails with; `null` for not at all. */
  readonly outage: { error: Error | null }
  /** What reached `onError`. */
  readonly told: Error[]
}

export const OWNER = '8f0f2c53-3a3f-4c0e-9d2f-0f3b6f1f2a11'
export const CLIENT = { id: 'gateway', secret: 'the secret of the gateway' }
export const METADATA_PATH = '/.well-known/oauth-protected-resource'

const RESOURCE = { resource: 'https://api.example.com', authorizationServers: ['https://api.example.com'] }

export function createFixture(): StagedFixture {
  const outage: StagedFixture['outage'] = { error: null }
  const told: Error[] = []
  const tokens = createTokens({ store: failing(outage), prefix: 'acme_pat', activeLimit: null })
  return {
    tokens,
    outage,
    told,
    personOf,
    onError: (error) => void told.push(error),
    revoke: revocationHandler(tokens, { onError: (error) => void told.push(error) }),
    introspect: introspectionHandler(tokens, { client: clientSecrets({ [CLIENT.id]: CLIENT.secret }) }),
    metadata: protectedResourceMetadata(RESOURCE).handle,
  }
}

function personOf(cookie: string | null | undefined): ReturnType<Fixture['personOf']> {
  const person = { owner: OWNER, scopes: ['jobs:read'], createdBy: 'ada' }
  switch (cookie) {
    case 'ada':
      return person
    case 'weak':
      return { ...person, scopes: [] }
    case 'undefined':
      return undefined
    case 'banned':
      throw new Problem('forbidden', 'Your account is closed.')
    case 'fault':
      throw new Error('a fault of the app')
    case 'rejects':
      return Promise.reject(new Error('a fault of the app'))
    case 'unscoped':
      return { owner: OWNER } as MaybeCaller
    default:
      return null
  }
}

/** Without its cache: a cached record would be found in an outage too. */
function failing(outage: StagedFixture['outage']): TokenStore {
  const { cache: _, ...store } = memoryStore()
  function unlessDown<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return outage.error === null ? call() : Promise.reject(outage.error)
  }
  return {
    ...store,
    findByDigest: (...call) => unlessDown(() => store.findByDigest(...call)),
    list: (...call) => unlessDown(() => store.list(...call)),
  }
}
