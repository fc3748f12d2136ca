import { publish } from '../observe/diagnostics.ts'
import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import { withFormer } from '../steps/decision/with-former.ts'
import { revoke } from '../steps/revoke.ts'
import { confirmGone } from '../store/confirm-gone.ts'
import { TokenError, invalidParameter } from '../token/errors.ts'
import { REVOCATION_REASONS, toToken } from '../token/token.ts'
import type { RevocationReason, Token, TokenRecord } from '../token/token.ts'
import { findBySecret } from '../verify/find-by-secret.ts'
import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { idempotencyOf } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { takeStep } from './request/take-step.ts'

export interface RevokeOptions extends ActedBy {
  /** Kept with the token. Default `requested`. */
  readonly reason?: RevocationReason | undefined
}

export interface RevokeSecretOptions extends RevokeOptions {
  /** Whether whoever asks may revoke this token; otherwise it stays as it is. Default yes. */
  readonly mayRevoke?: ((token: Token) => boolean | Promise<boolean>) | undefined
}

const REFUSAL = 'the token cannot be revoked'

/** The verb `revoke`. */
export async function revokeToken(
  settings: Settings,
  owner: string,
  id: string,
  options: RevokeOptions & IdempotentOptions,
): Promise<Changed> {
  const reason = reasonIn(options)
  const command = { type: 'revoked', asked: options, refusal: REFUSAL } as const
  const changed = await changeToken(settings, owner, id, command, (at) =>
    revoke(id, { at, reason, idempotency: idempotencyOf(options.idempotencyKey, ['revoke', id, reason], at) }),
  )
  publish('revoke', () => ({ owner, tokenId: id }))
  return changed
}

/** The verb `revokeSecret`. */
export async function revokeSecret(
  settings: Settings,
  secret: string,
  options: RevokeSecretOptions,
): Promise<Changed | null> {
  const reason = reasonIn(options)
  const found = await findBySecret(settings, secret)
  if (found === null) return null
  await checkPermission(settings, found, options)
  const { owner, id: tokenId } = found
  const at = settings.now()
  const { answer: revocation, former } = await takeStep(settings, owner, options, at, () =>
    withFormer(tokenId, revoke(tokenId, { at, reason, idempotency: null })),
  )
  if (revocation.outcome !== 'done') {
    await confirmGone(settings.store, found, settings.digests.all(secret), 'revoke a token')
    return null
  }
  publish('revoke', () => ({ owner, tokenId }))
  const { record } = revocation
  settings.events?.changed('revoked', { former, record, replayed: false }, { at, holder: tokenId, ...actorIn(options) })
  return { token: toToken(record, at), replayed: false }
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
export function reasonIn({ reason = 'requested' }: RevokeOptions): RevocationReason {
  if (REVOCATION_REASONS.includes(reason)) return reason
  throw invalidParameter('reason', `one of ${REVOCATION_REASONS.join(', ')}`)
}
