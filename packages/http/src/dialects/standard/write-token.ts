import type { Token } from '@tessera/core'
import { withMilliseconds } from '../../message/instant.ts'
import type { AnswerFacts } from '../dialect.ts'

/** Every fact of a token under its name in `Token`. Every field is always there. */
export function writeToken(token: Token, { callerId }: AnswerFacts): object {
  return {
    id: token.id,
    name: token.name,
    preview: token.preview,
    owner: token.owner,
    scopes: token.scopes,
    status: token.status,
    networks: token.networks,
    attributes: token.attributes,
    createdAt: withMilliseconds(token.createdAt),
    createdBy: token.createdBy,
    issuedBy: token.issuedBy,
    updatedAt: withMilliseconds(token.updatedAt),
    expiresAt: instantIn(token.expiresAt),
    lastUsedAt: instantIn(token.lastUsedAt),
    suspendedAt: instantIn(token.suspendedAt),
    revokedAt: instantIn(token.revokedAt),
    revokedReason: token.revokedReason,
    rotatedTo: token.rotatedTo,
    rotatedFrom: token.rotatedFrom,
    overlapEndsAt: instantIn(token.overlapEndsAt),
    current: token.id === callerId,
  }
}

function instantIn(instant: Date | null): string | null {
  return instant && withMilliseconds(instant)
}
