import { sharedScopes } from './scope.ts'
import type { TokenRecord } from './token.ts'

/** What is decided about a token when it is issued. Left out, it has no maker, and its expiry was not asked for. */
export type NewRecord = Pick<
  TokenRecord,
  | 'id'
  | 'owner'
  | 'digest'
  | 'prefix'
  | 'preview'
  | 'name'
  | 'scopes'
  | 'createdBy'
  | 'attributes'
  | 'createdAt'
  | 'expiresAt'
  | 'networks'
> &
  Partial<Pick<TokenRecord, 'issuedBy' | 'makers' | 'expiryCeiling' | 'fixedExpiry'>>

/** Shared by all records without any: each of its own would take 56 bytes of memory and more. */
const NO_ATTRIBUTES: TokenRecord['attributes'] = Object.freeze({})
const NO_MAKERS: TokenRecord['makers'] = Object.freeze([])

/** The record of a token that nobody has used or changed, the first of its line. */
export function newRecord(token: NewRecord): TokenRecord {
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id: token.id,
    owner: token.owner,
    digest: token.digest,
    prefix: token.prefix,
    preview: token.preview,
    name: token.name,
    scopes: sharedScopes(token.scopes),
    createdBy: token.createdBy,
    attributes: Object.keys(token.attributes).length === 0 ? NO_ATTRIBUTES : token.attributes,
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
    pending: false,
    sealedSuccessor: null,
    networks: token.networks,
    issuedBy: token.issuedBy ?? null,
    makers: token.makers === undefined || token.makers.length === 0 ? NO_MAKERS : token.makers,
    line: token.id,
    lineCreatedAt: token.createdAt,
    expiryCeiling: token.expiryCeiling ?? null,
    fixedExpiry: token.fixedExpiry ?? false,
  }
}
