import { invalidParameter } from './errors.ts'
import { idempotencyOf, refusalByKey } from './idempotency.ts'
import type { IdempotentOptions } from './idempotency.ts'
import { checkOwner } from './issue-request.ts'
import { reasonIn } from './revoke-token.ts'
import type { RevokeOptions } from './revoke-token.ts'
import { isScope } from './scope.ts'
import type { Settings } from './settings.ts'

/** Which tokens: those that meet every condition; all of the owner's where there is none. */
export interface RevokeAllOptions extends RevokeOptions, IdempotentOptions {
  /** Spares one token, e.g. the one that the request is made with. */
  readonly exceptId?: string | undefined
  /** Only what was issued before this instant. */
  readonly issuedBefore?: Date | undefined
  /** Only what was granted this very scope; a wildcard that covers it is another. */
  readonly scope?: string | undefined
}

export interface RevokedAll {
  /** How many tokens this request revoked: those that were not revoked before, the expired ones too. */
  readonly revoked: number
  readonly replayed: boolean
}

/**
 * Revokes many of the owner's tokens, for ever. Once it is acknowledged, every token that it means and that was issued
 * before the call is refused. A call that failed may have revoked some; repeating it revokes the rest.
 *
 * @throws TokenError `invalid_parameter`, `idempotency_conflict`
 * @throws StoreError when the store did not confirm
 */
export async function revokeAllTokens(
  settings: Settings,
  owner: string,
  options: RevokeAllOptions,
): Promise<RevokedAll> {
  const { exceptId = null, scope = null } = options
  checkOwner(owner)
  const reason = reasonIn(options)
  if (exceptId !== null && !settings.ids.matches(exceptId)) throw invalidParameter('exceptId', 'the id of a token')
  if (scope !== null && !isScope(scope)) throw invalidParameter('scope', 'one scope')
  const issuedBefore = instantIn(options.issuedBefore)
  const at = settings.now()
  const idempotency = idempotencyOf(options.idempotencyKey, ['revokeAll', exceptId, issuedBefore, scope, reason], at)
  const revocation = { at, reason, idempotency, exceptId, issuedBefore, scope }
  const all = await settings.store.revokeAll(owner, revocation)
  if (!('revoked' in all)) throw refusalByKey(all.outcome)
  const replayed = all.outcome === 'replayed'
  const facts = { owner, by: options.by ?? null, reason, count: all.revoked, replayed }
  settings.events?.emit({ type: 'revoked_all', at: new Date(at), ...facts })
  return { revoked: all.revoked, replayed }
}

function instantIn(date: Date | undefined): number | null {
  if (date === undefined) return null
  const instant = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(instant)) throw invalidParameter('issuedBefore', 'a valid instant')
  return instant
}
