import { networksOf } from './allowed-networks.ts'
import { TokenError } from './errors.ts'
import { expiryOf } from './expiry.ts'
import { idempotencyOf, refusalByKey } from './idempotency.ts'
import { checkIssueRequest } from './issue-request.ts'
import type { IdempotentIssueRequest } from './issue-request.ts'
import { idTaken, newSecret } from './new-secret.ts'
import type { NewSecret } from './new-secret.ts'
import type { Settings } from './settings.ts'
import type { Idempotency } from './store-steps.ts'
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

/**
 * Issues a token. The cap and the idempotency key hold under any concurrency: they are checked in the store's one step.
 *
 * @throws TokenError `invalid_parameter`, `insufficient_scope`, `active_limit_reached` or `idempotency_conflict`
 * @throws StoreError when the store did not confirm
 */
export async function issueToken(settings: Settings, request: IdempotentIssueRequest): Promise<Issued | Replayed> {
  checkIssueRequest(request, settings)
  const networks = networksOf(request.networks, request.networkCeiling)
  const now = settings.now()
  const idempotency = idempotencyOf(request.idempotencyKey, factsOf(request, networks), now)
  const expiresAt = await expiryOrReplay(settings, request, idempotency, now)
  if (typeof expiresAt === 'object' && expiresAt !== null) return expiresAt
  const made = newSecret(settings, request.owner, now)
  const record = newRecord(made, { ...request, networks }, expiresAt, now)
  const inserted = await settings.store.insert(record, { now, activeLimit: settings.activeLimit, idempotency })
  switch (inserted.outcome) {
    case 'inserted': {
      const token = toToken(record, now)
      settings.events?.issued(token, now, false)
      return { token, secret: made.secret, replayed: false }
    }
    case 'replayed':
      return replayOf(settings, inserted.record, now)
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(inserted.outcome)
    case 'limit_reached':
      throw limitReached(settings, record, inserted.active)
    case 'id_taken':
      throw idTaken()
  }
}

/** What a repeated request that made a token is answered with. */
export function replayOf({ events }: Settings, record: TokenRecord, now: number): Replayed {
  const token = toToken(record, record.createdAt)
  events?.issued(token, now, true)
  return { token, secret: null, replayed: true }
}

/** An expiry that lies behind is refused, unless the request was carried out while it still lay ahead. */
async function expiryOrReplay(
  settings: Settings,
  { owner, expiresAt, expiryCeiling }: IdempotentIssueRequest,
  idempotency: Idempotency | null,
  now: number,
): Promise<number | null | Replayed> {
  try {
    return expiryOf(expiresAt, settings.expiry, now, expiryCeiling)
  } catch (refusal) {
    const answer = idempotency && (await settings.store.findRequest(owner, idempotency, now))
    if (answer === null) throw refusal
    if (answer.outcome === 'replayed') return replayOf(settings, answer.record, now)
    throw refusalByKey('idempotency_conflict')
  }
}

function newRecord(
  { facts: { id, digest, preview } }: NewSecret,
  request: IdempotentIssueRequest & Pick<TokenRecord, 'networks'>,
  expiresAt: number | null,
  now: number,
): TokenRecord {
  // Field by field: spread into a literal, the records of many tokens would have no shape in common, and be slow to read.
  return {
    id,
    owner: request.owner,
    digest,
    preview,
    name: request.name,
    scopes: [...new Set(request.scopes)],
    createdBy: request.createdBy ?? null,
    attributes: { ...request.attributes },
    createdAt: now,
    updatedAt: now,
    expiresAt,
    lastUsedAt: null,
    suspendedAt: null,
    revokedAt: null,
    revokedReason: null,
    rotatedTo: null,
    rotatedFrom: null,
    overlapEndsAt: null,
    sealedSuccessor: null,
    networks: request.networks,
  }
}

function factsOf(
  { name, scopes, expiresAt, createdBy, attributes }: IdempotentIssueRequest,
  networks: readonly string[] | null,
): readonly [operation: string, ...unknown[]] {
  return [
    'issue',
    name,
    [...new Set(scopes)].sort(),
    expiryFactOf(expiresAt),
    createdBy ?? null,
    Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
    networks && [...networks].sort(),
  ]
}

/** Apart for everything that can be asked for, and for what cannot. */
function expiryFactOf(expiresAt: Date | null | undefined): string | null {
  if (expiresAt === undefined || expiresAt === null) return expiresAt === undefined ? 'default' : null
  return expiresAt instanceof Date ? String(expiresAt.getTime()) : 'none'
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
