import { checkOwnNames } from '@tessera/core'
import type { Requirements } from '@tessera/core'
import type { Authenticator } from '../bearer/authenticator.ts'
import type { Caller } from '../message/caller.ts'
import type { Admitted } from './admission.ts'
import type { GateRequest } from './gate-options.ts'
import type { Arrival, Refuser } from './refuse.ts'

export type Known = Pick<Admitted, 'token' | 'caller' | 'headers'>

/**
 * Builds what admits a caller.
 *
 * @param requirements What was asked so far, and met.
 */
export function createAdmitter<Request extends GateRequest>(
  tokens: Authenticator,
  refuser: Refuser<Request>,
): (known: Known, arrival: Arrival<Request>, requirements: readonly Requirements[]) => Admitted {
  return function admit(known, arrival, requirements) {
    const { token, caller, headers } = known
    const { ip, context } = arrival.source
    const facts: Admitted['facts'] = {
      // A handler takes whoever comes by a function for a person.
      caller: token ?? (caller === null ? null : () => caller),
      ip,
      requirements,
      context,
      onRefusal: (refusal, problem) => refuser.tell(problem, refusal, arrival),
      challenge: refuser.additions,
    }
    return {
      ok: true,
      token,
      caller,
      headers,
      facts,
      require(more) {
        if (caller === null) return refuser.missing(arrival)
        if (!mayDo(tokens, caller, more)) return refuser.lackingScope(caller, more, arrival)
        return admit(known, arrival, [...requirements, more])
      },
      watch(options = {}) {
        checkOwnNames('watch', options, { withinMs: true })
        if (token === null)
          throw new Error('watch: the caller has no token; the session of a person is for the app to end')
        if (tokens.watch === undefined)
          throw new Error('watch: the authenticator has no "watch", as createTokens() gives it')
        return tokens.watch(token, { ...options, requirements, ip })
      },
    }
  }
}

/** Scopes of `null` stand for every scope. Even so, a list without alternatives is never met. */
export function mayDo(
  tokens: Pick<Authenticator, 'permits'>,
  { id, owner, scopes: granted }: Caller,
  required: Requirements,
): boolean {
  return granted === null
    ? required.anyScope?.length !== 0
    : tokens.permits({ scopes: granted, ...(id !== undefined && { id, owner }) }, required)
}
