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
import type { GateOptions, GateRequest } from './gate-options.ts'
import type { GateSource } from './gate-source.ts'

/** One request at a gate. */
export interface Arrival<Request extends GateRequest> {
  readonly request: Request
  readonly source: GateSource
}

/** Refuses requests in the words of one gate. */
export interface Refuser<Request extends GateRequest> {
  /** The additions to every challenge. */
  readonly additions: Omit<ChallengeOptions, 'scopes'>
  /** A failure is no refusal: the hook is told of none. */
  failed(problem: Problem): NotAdmitted
  refused(problem: Problem, refusal: RefusedRequest, arrival: Arrival<Request>): NotAdmitted
  missing(arrival: Arrival<Request>): NotAdmitted
  lackingScope(caller: Caller, required: Requirements, arrival: Arrival<Request>): NotAdmitted
  tell(problem: Problem, refusal: RefusedRequest, arrival: Arrival<Request>): void
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

  function tell(problem: Problem, refusal: RefusedRequest, { request }: Arrival<Request>): void {
    if (onRefusal !== undefined) callHook('option "onRefusal"', () => onRefusal(problem, refusal, request), onError)
  }

  function refused(problem: Problem, refusal: RefusedRequest, arrival: Arrival<Request>): NotAdmitted {
    tell(problem, refusal, arrival)
    return failed(problem)
  }

  function missing(arrival: Arrival<Request>): NotAdmitted {
    const reason = 'missing'
    return refused(challenge({ ok: false, reason }, additions), { reason, token: null }, arrival)
  }

  function lackingScope(caller: Caller, required: Requirements, arrival: Arrival<Request>): NotAdmitted {
    const reason = 'insufficient_scope'
    const { ip, context } = arrival.source
    tokens.noteRefusal?.(reason, caller, { ip, context })
    const forPerson = caller.id === undefined
    const problem = challenge({ ok: false, reason }, { ...additions, forPerson, scopes: namedScopes(required) })
    return refused(problem, { reason, token: caller }, arrival)
  }

  return { additions, failed, refused, missing, lackingScope, tell }
}
