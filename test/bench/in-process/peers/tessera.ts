import { authenticate, getAuth } from '@tessera/express'
import type { Row } from '../../harness/group.ts'
import type { IssuedTokens } from '../issued-tokens.ts'
import { middlewareRow } from './middleware-row.ts'

export function tesseraMiddleware({ tokens, secrets }: IssuedTokens): Row {
  const note = 'header, checksum, hash, revoked, expired, suspended, scopes; the use is recorded'
  return middlewareRow(
    '@tessera/express, memory-store',
    note,
    authenticate(tokens),
    secrets,
    (request) => getAuth(request).owner,
  )
}
