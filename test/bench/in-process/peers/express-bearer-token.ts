import bearerToken from 'express-bearer-token'
import type { Row } from '../../harness/group.ts'
import { findActive, rowsBySecret } from '../hash-look-up.ts'
import { middlewareRow } from './middleware-row.ts'

export function bearerTokenRow(secrets: readonly string[]): Row {
  const rows = rowsBySecret(secrets)
  const note =
    'header only; a hash, a Map look-up, revoked and expired, all in one turn, are added here, as it verifies nothing'
  const ownerOf = ({ token = '' }: { token?: string }) => findActive(rows, token)?.owner
  return middlewareRow('express-bearer-token, hash look-up', note, bearerToken(), secrets, ownerOf)
}
