import type { TokenRecord } from './token.ts'

/** What is decided about a token when it is issued. */
export type NewRecord = Pick<
  TokenRecord,
  | 'id'
  | 'owner'
  | 'digest'
  | 'preview'
  | 'name'
  | 'scopes'
  | 'createdBy'
  | 'attributes'
  | 'createdAt'
  | 'expiresAt'
  | 'networks'
>

/** The record of a token that nobody has used or changed. */
export function newRecord(token: NewRecord): TokenRecord {
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id: token.id,
    owner: token.owner,
    digest: token.digest,
    preview: token.preview,
    name: token.name,
    scopes: token.scopes,
    createdBy: token.createdBy,
    attributes: token.attributes,
    createdAt: token.createdAt,
    updatedAt: token.createdAt,
    expiresAt: token.expiresAt,
    lastUsedAt: null,
    suspendedAt: null,
    revokedAt: null,
    revokedReason: null,
    rotatedTo: null,
    rotatedFrom: null,
    overlapEndsAt: null,
    sealedSuccessor: null,
    networks: token.networks,
  }
}
