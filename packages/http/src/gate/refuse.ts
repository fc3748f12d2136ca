import { callHook, warn } from '@tessera/core'
import type { Requirements } from '@tessera/core'
import type { Authenticator } from '../bearer/authenticator.ts'
import { challenge } from '../bearer/challenge.ts'
import { namedScopes } from '../bearer/route-scopes.ts'
import { errorResponse } from '../dialects/answer-errors.ts'
import { standard } from '../dialects/standard/standard.ts'
import type { Caller } from '../message/caller.ts'
import type { ChallengeOptions } from '../message/challenge-options.ts'
import type { Problem } from '../message/problem.ts'
import type { RefusedRequest } from '../message/refused-request.ts'
import type { NotAdmitted } from './admission.ts'
import type { GateOptions } from './gate-options.ts'
import type { GateRequest } from './gate-request.ts'

/** Refuses requests in the words of one gate. */
export interface Refuser<Request extends GateRequest> {
  /** The additions to every challenge. */
  readonly additions: Omit<ChallengeOptions, 'scopes'>
  /** A failure is no refusal: the hook is told of none. */
  failed(problem: Problem): NotAdmitted
  refused(problem: Problem, refusal: RefusedRequest, request: Request): NotAdmitted
  missing(request: Request): NotAdmitted
  lackingScope(caller: Caller, required: Requirements, request: Request): NotAdmitted
  tell(problem: Problem, refusal: RefusedRequest, request: Request): void
}

export function createRefuser<Request extends GateRequest>(
  tokens: Authenticator,
  options: GateOptions<Request>,
): Refuser<Request> {
  const { realm, resourceMetadata, onRefusal, onError = warn } = options
  const additions = {
    ...(realm !== undefined && { realm }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  }
  const words = options.dialect ?? standard

  function failed(problem: Problem): NotAdmitted {
    return { ok: false, problem, answer: errorResponse(problem, words) }
  }

  function tell(problem: Problem, refusal: RefusedRequest, request: Request): void {
    if (onRefusal !== undefined) callHook('option "onRefusal"', () => onRefusal(problem, refusal, request), onError)
  }

  function refused(problem: Problem, refusal: RefusedRequest, request: Request): NotAdmitted {
    tell(problem, refusal, request)
    return failed(problem)
  }

  function missing(request: Request): NotAdmitted {
    const reason = 'missing'
    return refused(challenge({ ok: false, reason }, additions), { reason, token: null }, request)
  }

  function lackingScope(caller: Caller, required: Requirements, request: Request): NotAdmitted {
    const reason = 'insufficient_scope'
    const { ip, context } = request
    tokens.noteRefusal?.(reason, caller, { ip, context })
    const forPerson = caller.id === undefined
    const problem = challenge({ ok: false, reason }, { ...additions, forPerson, scopes: namedScopes(required) })
    return refused(problem, { reason, token: caller }, request)
  }

  return { additions, failed, refused, missing, lackingScope, tell }
}
