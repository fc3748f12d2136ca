export const apiNames = ['plain', 'paged', 'offset', 'cursor'] as const
export type ApiName = (typeof apiNames)[number]

/** What can be wrong with a request, and the status that every API answers it with. */
export const statuses = {
  unauthenticated: 401,
  badToken: 401,
  severalCredentials: 400,
  insufficientScope: 403,
  notFound: 404,
  malformedId: 404,
  badParameter: 400,
  missingField: 400,
  badBody: 400,
  methodNotAllowed: 405,
  limitReached: 409,
  idempotencyConflict: 409,
  illegalTransition: 409,
  tooLarge: 413,
  mediaType: 415,
} as const
export type Fault = keyof typeof statuses

/** The names that one published API gives to things. */
export interface Wire {
  /** Of a list, of one record, of the expiry, of the last use, and of the overlap of a rotation. */
  readonly names: Readonly<Record<'list' | 'record' | 'expiry' | 'lastUse' | 'overlap', string>>
  /** Exactly the keys of a record. */
  readonly keys: readonly string[]
  readonly secret: RegExp
  readonly id: RegExp
  readonly instant: RegExp
  readonly codes: Readonly<Record<Fault, string>>
  readonly scopes: readonly [protects: string, ...others: string[]]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const MANAGE = ['tokens:read', 'tokens:write']
const SNAKE_CODES = {
  unauthenticated: 'unauthorized',
  badToken: 'unauthorized',
  severalCredentials: 'invalid_parameter',
  insufficientScope: 'insufficient_scope',
  notFound: 'not_found',
  malformedId: 'not_found',
  badParameter: 'invalid_parameter',
  missingField: 'invalid_parameter',
  badBody: 'invalid_parameter',
  methodNotAllowed: 'method_not_allowed',
  limitReached: 'token_limit_reached',
  idempotencyConflict: 'idempotency_conflict',
  illegalTransition: 'invalid_transition',
  tooLarge: 'payload_too_large',
  mediaType: 'unsupported_media_type',
}

export const wires: Readonly<Record<ApiName, Wire>> = {
  plain: {
    names: { list: 'tokens', record: 'token', expiry: 'expiresAt', lastUse: 'lastUsedAt', overlap: 'overlapSeconds' },
    keys: 'id name preview scopes status organizationId createdAt lastUsedAt expiresAt revokedAt'.split(' '),
    secret: /^ot_pat_[0-9A-Za-z]{48}$/,
    id: UUID,
    instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    codes: {
      unauthenticated: 'UNAUTHORIZED',
      badToken: 'UNAUTHORIZED',
      severalCredentials: 'BAD_REQUEST',
      insufficientScope: 'FORBIDDEN',
      notFound: 'NOT_FOUND',
      malformedId: 'NOT_FOUND',
      badParameter: 'BAD_REQUEST',
      missingField: 'BAD_REQUEST',
      badBody: 'BAD_REQUEST',
      methodNotAllowed: 'METHOD_NOT_ALLOWED',
      limitReached: 'TOKEN_LIMIT_REACHED',
      idempotencyConflict: 'IDEMPOTENCY_CONFLICT',
      illegalTransition: 'INVALID_TRANSITION',
      tooLarge: 'PAYLOAD_TOO_LARGE',
      mediaType: 'UNSUPPORTED_MEDIA_TYPE',
    },
    scopes: ['jobs:read', 'jobs:write', ...MANAGE],
  },
  paged: {
    names: { list: 'data', record: 'data', expiry: 'expires_at', lastUse: 'last_used_at', overlap: 'overlap_seconds' },
    keys: 'id name scopes status created_at expires_at last_used_at created_by'.split(' '),
    secret: /^tok_live_[0-9A-Za-z]{48}$/,
    id: /^tok_[a-z0-9]{24}$/,
    instant: SECONDS,
    codes: SNAKE_CODES,
    scopes: ['projects:read', ...MANAGE],
  },
  offset: {
    names: {
      list: 'summaries',
      record: 'api_token',
      expiry: 'expires_at',
      lastUse: 'last_used_at',
      overlap: 'overlap_seconds',
    },
    keys: [
      ...['account_id', 'created_by_admin_user_id', 'environment_id', 'expires_at', 'id', 'inserted_at'],
      ...['last_used_at', 'status', 'token_scope', 'type', 'updated_at'],
    ],
    secret: /^key_[0-9A-Za-z]{48}$/,
    id: /^[0-9a-hjkmnp-tv-z]{32}$/,
    instant: SECONDS,
    codes: {
      unauthenticated: 'not_authenticated',
      badToken: 'bad_authtoken',
      severalCredentials: 'bad_request',
      insufficientScope: 'not_permitted',
      notFound: 'not_found',
      malformedId: 'unexpected_ref_type',
      badParameter: 'invalid_value',
      missingField: 'required_value',
      badBody: 'bad_request',
      methodNotAllowed: 'not_implemented',
      limitReached: 'invalid_action',
      idempotencyConflict: 'idempotency_key_already_used',
      illegalTransition: 'invalid_action',
      tooLarge: 'bad_request',
      mediaType: 'bad_request',
    },
    scopes: ['person:read', ...MANAGE],
  },
  cursor: {
    names: { list: 'items', record: 'item', expiry: 'expires_at', lastUse: 'last_used_at', overlap: 'overlap_seconds' },
    keys: 'id org_id name prefix scopes last_used_at expires_at created_at'.split(' '),
    secret: /^aeth_[0-9A-Za-z]{48}$/,
    id: UUID,
    instant: SECONDS,
    codes: SNAKE_CODES,
    scopes: ['nodes:read', ...MANAGE],
  },
}
