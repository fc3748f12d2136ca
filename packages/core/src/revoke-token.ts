import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { confirmGone } from './confirm-gone.ts'
import { publish } from './diagnostics.ts'
import { invalidParameter } from './errors.ts'
import { findBySecret } from './find-by-secret.ts'
import { idempotencyOf } from './idempotency.ts'
import type { IdempotentOptions } from './idempotency.ts'
import type { Settings } from './settings.ts'
import type { ActedBy } from './token-event.ts'
import { REVOCATION_REASONS, toToken } from './token.ts'
import type { RevocationReason, Token } from './token.ts'

export interface RevokeOptions extends ActedBy {
  /** Kept with the token. Default `requested`. */
  readonly reason?: RevocationReason | undefined
}

/**
 * Revokes one of the owner's tokens, for ever. Revoking again answers with the first `revokedAt` and reason.
 *
 * @throws TokenError `token_not_found`, `idempotency_conflict`
 * @throws StoreError when the store did not confirm: the token may still be accepted, so repeat the call
 */
export async function revokeToken(
  settings: Settings,
  owner: string,
  id: string,
  options: RevokeOptions & IdempotentOptions,
): Promise<Changed> {
  const reason = reasonIn(options)
  const command = { type: 'revoked', by: options.by ?? null, refusal: 'the token cannot be revoked' } as const
  const changed = await changeToken(settings, id, command, (at) => {
    const idempotency = idempotencyOf(options.idempotencyKey, ['revoke', id, reason], at)
    return settings.store.revoke(owner, id, { at, reason, idempotency })
  })
  publish('revoke', () => ({ owner, tokenId: id }))
  return changed
}

/**
 * Revokes the token whose secret this is, as RFC 7009 wants it: whoever holds the secret may.
 *
 * @returns The token, or `null` when there is none.
 * @throws StoreError when the store did not confirm, or has the token and cannot change it
 */
export async function revokeSecret(settings: Settings, secret: string, options: RevokeOptions): Promise<Token | null> {
  const reason = reasonIn(options)
  const found = await findBySecret(settings, secret)
  if (found === null) return null
  const { owner, id: tokenId } = found
  const now = settings.now()
  const revocation = await settings.store.revoke(owner, tokenId, { at: now, reason, idempotency: null })
  if (revocation.outcome !== 'done') {
    await confirmGone(settings.store, found, settings.digests.all(secret), 'revoke a token')
    return null
  }
  publish('revoke', () => ({ owner, tokenId }))
  const token = toToken(revocation.record, now)
  settings.events?.changed('revoked', token, { at: now, by: options.by ?? null })
  return token
}

/** @throws TokenError `invalid_parameter` */
export function reasonIn({ reason = 'requested' }: RevokeOptions): RevocationReason {
  if (REVOCATION_REASONS.includes(reason)) return reason
  throw invalidParameter('reason', `one of ${REVOCATION_REASONS.join(', ')}`)
}
