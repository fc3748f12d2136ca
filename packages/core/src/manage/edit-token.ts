import { actorIn } from '../observe/token-event.ts'
import type { ActedBy } from '../observe/token-event.ts'
import type { Settings } from '../setup/settings.ts'
import { edit } from '../steps/edit.ts'
import { invalidParameter } from '../token/errors.ts'
import { changeToken } from './change-token.ts'
import type { Changed } from './change-token.ts'
import { idempotencyOf } from './request/idempotency.ts'
import type { IdempotentOptions } from './request/idempotency.ts'
import { checkCeilingShape, checkIssuableScopes } from './request/issuable-scopes.ts'
import { checkName } from './request/issue-request.ts'
import { ceilingsOf } from './request/take-step.ts'

/** The changes. Missing fields stay as they are. */
export interface EditRequest {
  /** 1 to 255 characters of well-formed Unicode without control characters. */
  readonly name?: string | undefined
  /** At most 100; one given twice counts once. */
  readonly scopes?: readonly string[] | undefined
  /** The editor's own scopes, the only ones it may add; left out or `null` for no ceiling. */
  readonly scopeCeiling?: readonly string[] | null | undefined
  /** Refuses every added scope: for a holder, who may only give scopes up. */
  readonly narrowOnly?: boolean | undefined
}

/** The verb `edit`. */
export async function editToken(
  settings: Settings,
  owner: string,
  id: string,
  request: EditRequest,
  { idempotencyKey, ...asked }: IdempotentOptions & ActedBy,
): Promise<Changed> {
  checkEditRequest(request, settings)
  const name = request.name ?? null
  const to = request.scopes === undefined ? null : [...new Set(request.scopes)]
  const parts = ['edit', id, name, to && [...to].sort(), request.narrowOnly ?? false] as const
  const given = { scopes: request.scopeCeiling ?? null, networks: null, expiresAt: null }
  const command = { type: 'edited', ...actorIn(asked), refusal: 'a revoked token cannot be edited' } as const
  return changeToken(settings, owner, id, command, (at, acting) =>
    edit(id, {
      at,
      idempotency: idempotencyOf(idempotencyKey, parts, at),
      name,
      scopes: to,
      narrowOnly: request.narrowOnly ?? false,
      ceilings: [given, ...ceilingsOf(acting, asked.actor)],
      rules: settings,
    }),
  )
}

function checkEditRequest({ name, scopes, narrowOnly, scopeCeiling = null }: EditRequest, settings: Settings): void {
  if (name !== undefined) checkName(name)
  if (scopes !== undefined) checkIssuableScopes(scopes, settings)
  if (narrowOnly !== undefined && typeof narrowOnly !== 'boolean') throw invalidParameter('narrowOnly', 'a boolean')
  checkCeilingShape(scopeCeiling)
}
