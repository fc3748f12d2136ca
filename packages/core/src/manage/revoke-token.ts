import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import type { Step } from '../steps/decision/decision.ts'
import { withFormer } from '../steps/decision/with-former.ts'
import { acknowledgeLine } from '../steps/revoke-line.ts'
import { revoke, revokeWithUnused } from '../steps/revoke.ts'
import type { RevokedTogether } from '../steps/revoke.ts'
import { confirmGone } from '../store/confirm-gone.ts'
import { takeShownWithFormer } from '../store/take-shown.ts'
import { TokenError, invalidParameter } from '../token/errors.ts'
import { REVOCATION_REASONS, toToken } from '../token/token.ts'
import type { RevocationReason, Token, TokenRecord } from '../token/token.ts'
import { findBySecret } from '../verify/find-by-secret.ts'
import { tokenNotFound } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { checkIdempotencyKey, idempotencyOf, refusalByKey } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { takeStep } from './request/take-step.ts'
import { revokeLine } from './revoke-line.ts'

export interface RevokeOptions extends ActedBy {
  /** Kept with the token. Default `requested`. With `leaked`, all tokens of its line are revoked with it. */
  readonly reason?: RevocationReason | undefined
}

export interface RevokeOneOptions extends RevokeOptions, IdempotentOptions {
  /** With the reason `leaked`: revokes all that the line issued, too, directly or not. Default false. */
  readonly issued?: boolean | undefined
}

export interface RevokeSecretOptions extends RevokeOneOptions {
  /** Whether whoever asks may revoke this token; otherwise it stays as it is. Default yes. */
  readonly mayRevoke?: ((token: Token) => boolean | Promise<boolean>) | undefined
}

/** A revoked token, and the ids of those that ended with it. */
export interface Revoked extends Changed {
  /** With the reason `leaked`, of its line and perhaps of what that issued. By secret, the unused successors. */
  readonly ended: readonly string[]
}

/** The verb `revoke`. */
export async function revokeToken(
  settings: Settings,
  owner: string,
  id: string,
  options: RevokeOneOptions,
): Promise<Revoked> {
  const asked = askedFor(options)
  if (!settings.ids.matches(id)) throw tokenNotFound()
  const revoked = await revokeOne(settings, owner, id, asked, options)
  if (revoked === null) throw tokenNotFound()
  return revoked
}

/** The verb `revokeSecret`. */
export async function revokeSecret(
  settings: Settings,
  secret: string,
  options: RevokeSecretOptions,
): Promise<Revoked | null> {
  const asked = askedFor(options)
  const found = await findBySecret(settings, secret)
  if (found === null) return null
  await checkPermission(settings, found, options)
  const revoked = await revokeOne(settings, found.owner, found.id, asked, options, found.id)
  if (revoked === null)
    await confirmGone(settings.store, found, [...settings.digests.all(secret), found.digest], 'revoke a token')
  return revoked
}

interface Asked {
  readonly reason: RevocationReason
  readonly issued: boolean
}

/** A revoked token, and the ids of those that ended in the same step, if it asked for them. */
interface RevokedOne {
  readonly record: TokenRecord
  readonly ended?: readonly string[]
}

/** @param holder The token's id if its secret was presented: then the unused successors end with it, in the same step. */
async function revokeOne(
  settings: Settings,
  owner: string,
  id: string,
  { reason, issued }: Asked,
  options: RevokeOneOptions,
  holder?: string,
): Promise<Revoked | null> {
  const at = settings.now()
  const facts = () => (issued ? (['revoke', id, reason, 'issued'] as const) : (['revoke', id, reason] as const))
  const idempotency = idempotencyOf(options.idempotencyKey, facts, at)
  const isLeaked = reason === 'leaked'
  const revocation = { at, reason, idempotency }
  const take = <Answer>(step: Step<Answer>) => takeStep(settings, owner, options, at, () => withFormer(id, step))
  // The last step of a whole line is the one to be acknowledged.
  const together = <Answer>(step: Step<Answer>) =>
    isLeaked ? { ...step, wants: { ...step.wants, unacknowledged: true as const } } : step
  const { answer, former } = await (holder !== undefined || isLeaked
    ? takeShownWithFormer<RevokedTogether>((more) => take(together(revokeWithUnused(id, revocation, more))))
    : take(revoke(id, revocation)))
  if (answer.outcome === 'not_found') return null
  if (answer.outcome !== 'done' && answer.outcome !== 'replayed') throw refusalByKey(answer.outcome)
  const { record, ended: unused = [] }: RevokedOne = answer
  const leaked = { line: record.line, issued, at }
  const line = isLeaked ? await revokeLine(settings.store, owner, leaked) : null
  if (line !== null) await settings.store.take(owner, acknowledgeLine())
  const ended = line === null ? unused : [...line].filter((each) => each !== id)
  const replayed = answer.outcome === 'replayed'
  const command = { ...actorIn(options), at, holder }
  settings.events()?.revoked({ former, record, replayed }, ended, command)
  // A replay answers as the first request left it, with the status that the token had then.
  return { token: toToken(record, replayed ? record.updatedAt : at), replayed, ended }
}

async function checkPermission(
  { now }: Settings,
  found: TokenRecord,
  { mayRevoke }: RevokeSecretOptions,
): Promise<void> {
  if (mayRevoke === undefined || (await mayRevoke(toToken(found, now())))) return
  throw new TokenError('forbidden', 'the token may not be revoked by whoever asks')
}

/** @throws TokenError `invalid_parameter` */
function askedFor(options: RevokeOneOptions): Asked {
  const reason = reasonIn(options)
  const { issued = false } = options
  const isRight = typeof issued === 'boolean' && (!issued || reason === 'leaked')
  if (!isRight) throw invalidParameter('issued', 'a boolean, and true only with the reason leaked')
  checkIdempotencyKey(options.idempotencyKey)
  return { reason, issued }
}

/** @throws TokenError `invalid_parameter` */
export function reasonIn({ reason = 'requested' }: RevokeOptions): RevocationReason {
  if (REVOCATION_REASONS.includes(reason)) return reason
  throw invalidParameter('reason', `one of ${REVOCATION_REASONS.join(', ')}`)
}
