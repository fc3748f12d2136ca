import type { Command } from '../observe/events.ts'
import type { Settings } from '../setup/settings.ts'
import type { Idempotency, MadeToken } from '../steps/decision/decision.ts'
import type { Ceiling } from '../steps/decision/ceiling.ts'
import { findRepeated } from '../steps/insert.ts'
import type { InsertConditions } from '../steps/insert.ts'
import { issue } from '../steps/issue.ts'
import type { MadeOutcome } from '../steps/issue.ts'
import { networksOf } from '../token/allowed-networks.ts'
import { TokenError } from '../token/errors.ts'
import { expiryOf } from '../token/expiry.ts'
import { newRecord } from '../token/new-record.ts'
import { toToken } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import { limitReached } from './request/limit-reached.ts'
import { idTaken, newSecret } from './new-secret.ts'
import type { NewSecret } from './new-secret.ts'
import { ceilingIn, requestBeyond } from './request/ceilings.ts'
import { idempotencyOf, refusalByKey } from './request/idempotency.ts'
import { checkIssueRequest } from './request/issue-request.ts'
import type { IdempotentIssueRequest } from './request/issue-request.ts'
import { takeBounded } from './request/take-step.ts'
import type { Bounded } from './request/take-step.ts'
import { sealedFor, secretAgain } from './request/secret-again.ts'

/** A new token with its secret, shown only here. */
export interface Issued {
  readonly token: Token
  readonly secret: string
  readonly replayed: false
}

/** The answer to a repeated request: the token as it was first issued. */
export interface Replayed {
  readonly token: Token
  /**
   * The secret again, for the same `sealUnder` and an active token. Else `null`: nobody can show it any more. If the first
   * answer was lost, revoke the token by its id and issue under another key, or rotate it by its id.
   */
  readonly secret: string | null
  readonly replayed: true
}

/** The verb `issue`. */
export async function issueToken(settings: Settings, request: IdempotentIssueRequest): Promise<Issued | Replayed> {
  checkIssueRequest(request, settings)
  const networks = networksOf(request.networks, request.networkCeiling)
  const now = settings.now()
  const idempotency = idempotencyOf(request.idempotencyKey, () => factsOf(request, networks), now)
  const expiresAt = expiryOf(request.expiresAt, settings.expiry, now, request.expiryCeiling)
  if (expiresAt instanceof TokenError) return repeatedOr(expiresAt, settings, request, idempotency, now)
  const made = newSecret(settings, request.owner, now)
  const record = recordOf(made, request, networks, expiresAt, now)
  const conditions = { now, activeLimit: settings.activeLimit, idempotency, sealed: sealedFor(request, made) }
  const { answer: inserted, ceilings } = await add(settings, record, request, conditions)
  switch (inserted.outcome) {
    case 'made': {
      const token = toToken(inserted.record, now)
      settings.events()?.issued(token, commandOf(request, now), { replayed: false, secretShown: true })
      return { token, secret: made.secret, replayed: false }
    }
    case 'replayed':
      return replayOf(settings, inserted, request, now, ceilings)
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(inserted.outcome)
    case 'limit_reached':
      throw limitReached(settings, record.owner, inserted.active, commandOf(request, now))
    case 'id_taken':
      throw idTaken()
    case 'insufficient_scope':
    case 'beyond_networks':
    case 'beyond_expiry':
      throw requestBeyond(inserted)
  }
}

/** In one trip for a person. For a token, in a step that holds only while that does. */
async function add(
  settings: Settings,
  record: TokenRecord,
  { actor, context, networks, expiresAt }: IdempotentIssueRequest,
  conditions: InsertConditions,
): Promise<Bounded<MadeOutcome>> {
  if (actor === undefined) {
    const inserted = await settings.store.insert(record, conditions)
    return { answer: inserted.outcome === 'inserted' ? { outcome: 'made', record } : inserted, ceilings: [] }
  }
  const asked = { networks: networks !== undefined, expiry: expiresAt !== undefined }
  return takeBounded(settings, record.owner, { actor, context }, conditions.now, (maker, ceilings) =>
    issue(record, { ...conditions, maker, ceilings, asked, rules: settings }),
  )
}

function commandOf(request: IdempotentIssueRequest, at: number): Command {
  const { createdBy, by = createdBy, actor, context } = request
  return { at, by, actor, context }
}

/** The answer to a repeated request for a new token. */
async function replayOf(
  settings: Settings,
  made: MadeToken,
  request: IdempotentIssueRequest,
  now: number,
  ceilings: readonly Ceiling[],
): Promise<Replayed> {
  const secret = await secretAgain(settings, request, made, now, [ceilingIn(request), ...ceilings])
  const token = toToken(made.record, made.record.createdAt)
  settings.events()?.issued(token, commandOf(request, now), { replayed: true, secretShown: secret !== null })
  return { token, secret, replayed: true }
}

/** Refuses a past expiry, unless the request took effect while it still lay ahead. */
async function repeatedOr(
  refusal: TokenError,
  settings: Settings,
  request: IdempotentIssueRequest,
  idempotency: Idempotency | null,
  now: number,
): Promise<Replayed> {
  if (idempotency === null) throw refusal
  const { answer: repeated, ceilings } = await takeBounded(settings, request.owner, request, now, () =>
    findRepeated(idempotency, now),
  )
  switch (repeated?.outcome) {
    case 'replayed':
      return replayOf(settings, repeated, request, now, ceilings)
    case 'idempotency_conflict':
    case 'idempotency_limit_reached':
      throw refusalByKey(repeated.outcome)
    default:
      throw refusal
  }
}

function recordOf(
  { facts }: NewSecret,
  request: IdempotentIssueRequest,
  networks: TokenRecord['networks'],
  expiresAt: number | null,
  createdAt: number,
): TokenRecord {
  const { id, digest, prefix, preview } = facts
  const { owner, name, scopes, createdBy, attributes, expiryCeiling } = request
  return newRecord({
    id,
    digest,
    prefix,
    preview,
    owner,
    name,
    scopes: [...new Set(scopes)],
    createdBy: createdBy ?? null,
    attributes: { ...attributes },
    createdAt,
    expiresAt,
    networks,
    expiryCeiling: expiryCeiling?.getTime() ?? null,
    fixedExpiry: request.expiresAt instanceof Date,
  })
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

/** Another text for each valid expiry, and for invalid ones. */
export function expiryFactOf(expiresAt: Date | null | undefined): string | null {
  if (expiresAt === undefined || expiresAt === null) return expiresAt === undefined ? 'default' : null
  return expiresAt instanceof Date ? String(expiresAt.getTime()) : 'none'
}
