import { actorIn } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import { invalidParameter } from '../token/errors.ts'
import { LINE, isLine } from '../token/text.ts'
import { isScope } from '../token/scope.ts'
import { idempotencyOf, refusalByKey } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { checkOwner } from './request/issue-request.ts'
import { linesMadeBy } from './request/lines-made-by.ts'
import { refuseNulls } from './request/refuse-nulls.ts'
import { storeOf } from './request/take-step.ts'
import { revokeMany } from './revoke-many.ts'
import { reasonIn } from './revoke-token.ts'
import type { RevokeOptions } from './revoke-token.ts'

/** The tokens to revoke: those that meet every condition; all of the owner's without any. */
export interface RevokeAllOptions extends RevokeOptions, IdempotentOptions {
  /** Spares one token, e.g. the one of the request itself. */
  readonly exceptId?: string | undefined
  /** Only tokens issued before this instant. */
  readonly issuedBefore?: Date | undefined
  /** Only tokens granted this very scope; a wildcard that covers it is another. */
  readonly scope?: string | undefined
  /** Only tokens that this person made, to the letter, and those that their tokens made for nobody else. */
  readonly createdBy?: string | undefined
  /**
   * Only tokens made by this token, by its predecessors and successors, or by what those made, but not itself. The id may
   * be of a pruned token.
   */
  readonly issuedBy?: string | undefined
}

export interface RevokedAll {
  /** The number of tokens revoked by this request: tokens not revoked before, expired ones included. */
  readonly revoked: number
  readonly replayed: boolean
}

const CONDITIONS = ['exceptId', 'issuedBefore', 'scope', 'createdBy', 'issuedBy'] as const

/** The verb `revokeAll`. */
export async function revokeAllTokens(
  settings: Settings,
  owner: string,
  options: RevokeAllOptions,
): Promise<RevokedAll> {
  refuseNulls(options, [...CONDITIONS, 'reason', 'idempotencyKey', 'context'])
  const { exceptId = null, scope = null, createdBy = null, issuedBy = null } = options
  checkOwner(owner)
  const reason = reasonIn(options)
  if (exceptId !== null && !settings.ids.matches(exceptId)) throw invalidParameter('exceptId', 'the id of a token')
  if (scope !== null && !isScope(scope)) throw invalidParameter('scope', 'one scope')
  if (createdBy !== null && !isLine(createdBy)) throw invalidParameter('createdBy', LINE)
  const issuedBefore = instantIn(options.issuedBefore)
  const at = settings.now()
  const idempotency = idempotencyOf(
    options.idempotencyKey,
    () => ['revokeAll', exceptId, issuedBefore, scope, createdBy, issuedBy, reason],
    at,
  )
  const { actor } = options
  const makers = await linesMadeBy(settings, owner, issuedBy)
  const revocation = { at, reason, idempotency, exceptId, issuedBefore, scope, createdBy, makers, last: actor?.id }
  const all = await revokeMany(storeOf(settings, options, at), owner, revocation)
  if (!('revoked' in all)) throw refusalByKey(all.outcome)
  const replayed = all.outcome === 'replayed'
  const instants = { issuedBefore: options.issuedBefore ?? null, lastUsedBefore: null }
  const selected = { owner, exceptId, scope, createdBy, issuedBy, ...instants }
  const event = { type: 'revoked_all', ...selected, reason, count: all.revoked, replayed } as const
  settings.events()?.emit(event, { ...actorIn(options), at })
  return { revoked: all.revoked, replayed }
}

function instantIn(date: Date | undefined): number | null {
  if (date === undefined) return null
  const instant = date instanceof Date ? date.getTime() : Number.NaN
  if (Number.isNaN(instant)) throw invalidParameter('issuedBefore', 'a valid instant')
  return instant
}
