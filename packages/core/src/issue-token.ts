import { createHash } from 'node:crypto'
import { TokenError } from './errors.ts'
import { expiryOf } from './expiry.ts'
import { checkIssueRequest } from './issue-request.ts'
import type { IdempotentIssueRequest } from './issue-request.ts'
import { preview } from './preview.ts'
import { generateSecret, shardOf } from './secret.ts'
import type { Settings } from './settings.ts'
import type { Idempotency } from './store.ts'
import { toToken } from './token.ts'
import type { Token, TokenRecord } from './token.ts'

/** A new token with its secret, which exists in this answer and nowhere else. */
export interface Issued {
  readonly token: Token
  readonly secret: string
  readonly replayed: false
}

/** The answer to a repeated request: the token as it was first issued. Its secret is not known any more. */
export interface Replayed {
  readonly token: Token
  readonly secret: null
  readonly replayed: true
}

const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000

/**
 * Issues a token. The cap and the idempotency key hold under any concurrency: they are checked in the store's one step.
 *
 * @throws TokenError `invalid_parameter`, `insufficient_scope`, `active_limit_reached` or `idempotency_conflict`
 * @throws StoreError when the store did not confirm
 */
export async function issueToken(settings: Settings, request: IdempotentIssueRequest): Promise<Issued | Replayed> {
  checkIssueRequest(request, settings)
  const now = settings.now()
  const secret = generateSecret(settings.prefix, shardOf(request.owner))
  const record = newRecord(settings, request, secret, now)
  const inserted = await settings.store.insert(record, {
    now,
    activeLimit: settings.activeLimit,
    idempotency: idempotencyOf(request, now),
  })
  switch (inserted.outcome) {
    case 'inserted': {
      const token = toToken(record, now)
      settings.events?.issued(token, now, false)
      return { token, secret, replayed: false }
    }
    case 'replayed': {
      const token = toToken(inserted.record, inserted.record.createdAt)
      settings.events?.issued(token, now, true)
      return { token, secret: null, replayed: true }
    }
    case 'idempotency_conflict':
      throw new TokenError('idempotency_conflict', 'the idempotency key was used with another request')
    case 'limit_reached':
      throw limitReached(settings, record, inserted.active)
    case 'id_taken':
      throw new Error('createTokens: ids.generate returned an id that is in use')
  }
}

function newRecord(settings: Settings, request: IdempotentIssueRequest, secret: string, now: number): TokenRecord {
  const id = settings.ids.generate(now)
  if (!settings.ids.matches(id)) throw new TypeError('createTokens: ids.matches does not accept what ids.generate made')
  return {
    id,
    owner: request.owner,
    digest: settings.digests.current(secret),
    preview: preview(secret),
    name: request.name,
    scopes: [...new Set(request.scopes)],
    createdBy: request.createdBy ?? null,
    attributes: { ...request.attributes },
    createdAt: now,
    updatedAt: now,
    expiresAt: expiryOf(request.expiresAt, settings.expiry, now),
    lastUsedAt: null,
    suspendedAt: null,
    revokedAt: null,
  }
}

function idempotencyOf(request: IdempotentIssueRequest, now: number): Idempotency | null {
  if (request.idempotencyKey === undefined) return null
  return { key: request.idempotencyKey, fingerprint: fingerprintOf(request), expiresAt: now + IDEMPOTENCY_MS }
}

function fingerprintOf({ name, scopes, expiresAt, createdBy, attributes }: IdempotentIssueRequest): string {
  const facts = [
    name,
    [...new Set(scopes)].sort(),
    expiresAt === undefined ? 'default' : expiresAt,
    createdBy ?? null,
    Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}

function limitReached(
  settings: Settings,
  { owner, createdBy: by, createdAt }: TokenRecord,
  active: number,
): TokenError {
  const limit = settings.activeLimit ?? active
  settings.events?.emit({ type: 'limit_reached', at: new Date(createdAt), owner, by, limit, active })
  const message = `the owner already holds ${active} active tokens of at most ${limit}`
  return new TokenError('active_limit_reached', message, { limit, active })
}
