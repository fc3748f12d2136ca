import bearerToken from 'express-bearer-token'
import { findActive, rowsBySecret } from '../hash-look-up.ts'
import type { Middleware } from './middleware-row.ts'

export function bearerTokenMiddleware(secrets: readonly string[]): Middleware {
  const rows = rowsBySecret(secrets)
  return {
    name: 'express-bearer-token, hash look-up',
    note: 'header only; a hash, a Map look-up, revoked and expired, all in one turn, are added here, as it verifies nothing',
    handler: bearerToken(),
    tokens: secrets,
    ownerOf: ({ token = '' }: { token?: string }) => findActive(rows, token)?.owner,
  }
}
