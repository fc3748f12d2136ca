import { changeToken, replayOf, tokenNotFound } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { TokenError, invalidParameter } from './errors.ts'
import { idempotencyOf, refusalByKey } from './idempotency.ts'
import type { IdempotentOptions } from './idempotency.ts'
import { checkCeiling, checkIssuableScopes } from './issuable-scopes.ts'
import { checkName } from './issue-request.ts'
import { missingScopes } from './scope.ts'
import type { Settings } from './settings.ts'
import type { Edit } from './store-steps.ts'
import type { ActedBy } from './token-event.ts'
import type { TokenRecord } from './token.ts'

/** What to change; what is left out stays. */
export interface EditRequest {
  /** 1 to 255 characters of well-formed Unicode without control characters. */
  readonly name?: string | undefined
  /** At most 100; one given twice counts once. */
  readonly scopes?: readonly string[] | undefined
  /** The scopes of whoever edits, who cannot add others; left out or `null` for no ceiling. */
  readonly scopeCeiling?: readonly string[] | null | undefined
  /** Refuses every scope that the token does not hold: for a holder, who may only give scopes up. */
  readonly narrowOnly?: boolean | undefined
}

/**
 * Changes the name or the scopes of a token. New scopes hold for every verification that is invoked later, in any process.
 * Of several at the same time each is decided by what the ones before it left, so narrowing never widens.
 *
 * @throws TokenError `token_not_found`, `invalid_parameter`, `insufficient_scope` with the scopes that may not be added,
 *   `invalid_transition` for a revoked token, `idempotency_conflict`
 * @throws StoreError when the store did not confirm
 */
export async function editToken(
  settings: Settings,
  owner: string,
  id: string,
  request: EditRequest,
  { idempotencyKey, by = null }: IdempotentOptions & ActedBy,
): Promise<Changed> {
  checkEditRequest(request, settings)
  if (!settings.ids.matches(id)) throw tokenNotFound()
  const name = request.name ?? null
  const to = request.scopes === undefined ? null : [...new Set(request.scopes)]
  const facts = ['edit', id, name, to && [...to].sort(), request.narrowOnly ?? false] as const
  const now = settings.now()
  const idempotency = idempotencyOf(idempotencyKey, facts, now)
  // What was allowed once is answered again, also where the token's scopes would not allow it any more.
  const answer = idempotency && (await settings.store.findRequest(owner, idempotency, now))
  if (answer?.outcome === 'replayed') return replayOf(answer.record)
  if (answer !== null) throw refusalByKey(answer.outcome)

  async function scopesOf(former: TokenRecord | null): Promise<Edit['scopes']> {
    if (to === null) return null
    const record = former ?? (await settings.store.find(owner, id))
    if (record === null) throw tokenNotFound()
    checkAdded(missingScopes(record.scopes, to, settings), request, settings)
    return { from: record.scopes, to }
  }

  const command = { type: 'edited', by, refusal: 'a revoked token cannot be edited' } as const
  return changeToken(settings, id, command, async (at, former) =>
    settings.store.edit(owner, id, { at, idempotency, name, scopes: await scopesOf(former) }),
  )
}

function checkEditRequest({ name, scopes, narrowOnly }: EditRequest, settings: Settings): void {
  if (name !== undefined) checkName(name)
  if (scopes !== undefined) checkIssuableScopes(scopes, settings)
  if (narrowOnly !== undefined && typeof narrowOnly !== 'boolean') throw invalidParameter('narrowOnly', 'a boolean')
}

function checkAdded(
  added: readonly string[],
  { narrowOnly, scopeCeiling = null }: EditRequest,
  settings: Settings,
): void {
  if (narrowOnly === true && added.length > 0) {
    throw new TokenError('insufficient_scope', `the token does not hold ${added.join(', ')}`, { scopes: added })
  }
  checkCeiling(added, scopeCeiling, settings)
}
