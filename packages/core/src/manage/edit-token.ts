import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import { edit } from '../steps/edit.ts'
import type { Term } from '../steps/edit-term.ts'
import { networksOf } from '../token/allowed-networks.ts'
import { invalidParameter } from '../token/errors.ts'
import { instantOf } from '../token/expiry.ts'
import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { expiryFactOf } from './issue-token.ts'
import { ceilingIn } from './request/ceilings.ts'
import type { CeilingOptions } from './request/ceilings.ts'
import { idempotencyOf } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { checkIssuableScopes } from './request/issuable-scopes.ts'
import { checkName } from './request/issue-request.ts'
import { ceilingsOf } from './request/take-step.ts'

/** The changes. Missing fields stay as they are. */
export interface EditRequest<Scope extends string = string> extends CeilingOptions {
  /** As at issue. */
  readonly name?: string | undefined
  /** At most 100; one given twice counts once. */
  readonly scopes?: readonly Scope[] | undefined
  /**
   * A future instant; `null` for no expiry. An earlier one is always possible, a later one within the rules of the API, the
   * ceiling of the token and the longest lifetime of its line. Uses do not move it from then on.
   */
  readonly expiresAt?: Date | null | undefined
  /** 1 to 50 CIDR blocks or single addresses, IPv4 or IPv6; `null` for any. */
  readonly networks?: readonly string[] | null | undefined
  /** Refuses whatever the token does not have already: for a holder, who may only give up. */
  readonly narrowOnly?: boolean | undefined
}

/** The verb `edit`. */
export async function editToken(
  settings: Settings,
  owner: string,
  id: string,
  request: EditRequest,
  asked: IdempotentOptions & ActedBy,
): Promise<Changed> {
  checkEditRequest(request, settings)
  const name = request.name ?? null
  const to = request.scopes === undefined ? null : [...new Set(request.scopes)]
  const term = termIn(request)
  const narrowOnly = request.narrowOnly ?? false
  const facts = () => ['edit', id, name, to && [...to].sort(), narrowOnly, ...factsOf(request, term)] as const
  const given = ceilingIn(request)
  const command = { type: 'edited', asked, refusal: 'a revoked token cannot be edited' } as const
  return changeToken(settings, owner, id, command, (at, acting) =>
    edit(id, {
      at,
      idempotency: idempotencyOf(asked.idempotencyKey, facts, at),
      name,
      scopes: to,
      expiresAt: term.expiresAt,
      networks: term.networks,
      narrowOnly,
      ceilings: [given, ...ceilingsOf(acting, asked.actor)],
      rules: settings,
    }),
  )
}

function termIn({ expiresAt, networks }: EditRequest): Term {
  return {
    expiresAt: expiresAt && instantOf(expiresAt),
    networks: networks === undefined ? undefined : networksOf(networks, null),
  }
}

function factsOf({ expiresAt }: EditRequest, { networks }: Term): readonly unknown[] {
  return [expiryFactOf(expiresAt), networks === undefined ? 'same' : networks && [...networks].sort()]
}

function checkEditRequest({ name, scopes, narrowOnly }: EditRequest, settings: Settings): void {
  if (name !== undefined) checkName(name)
  if (scopes !== undefined) checkIssuableScopes(scopes, settings)
  if (narrowOnly !== undefined && typeof narrowOnly !== 'boolean') throw invalidParameter('narrowOnly', 'a boolean')
}
