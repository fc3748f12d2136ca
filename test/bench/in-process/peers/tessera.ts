import { authenticate, getAuth } from '@tessera/express'
import type { IssuedTokens } from '../issued-tokens.ts'
import type { Middleware } from './middleware-row.ts'

/** @param store The name of the store that the tokens are in. */
export function tesseraMiddleware({ tokens, secrets }: IssuedTokens, store: string): Middleware {
  return {
    name: `@tessera/express, ${store}`,
    note: 'header, checksum, hash, revoked, expired, suspended, scopes; the use is recorded',
    handler: authenticate(tokens),
    tokens: secrets,
    ownerOf: (request) => getAuth(request).owner,
  }
}
